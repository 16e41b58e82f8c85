throw new Error("domainName is wrong");
