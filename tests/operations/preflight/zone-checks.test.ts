import assert from "node:assert/strict";
import { promises } from "node:dns";
import { expectCode } from "../support/run-command";
import { NAME_SERVERS } from "./fake-account";
import { usePreflight } from "./preflight-fixture";

describe("npm run preflight with a domain", () => {
  const tested = usePreflight();

  describe("in an existing zone", () => {
    beforeEach(() => tested.configure({ domainName: "tickets.test", hostedZoneId: "Z1" }));

    it("reports a zone that does not exist, is private, or is for another domain", async () => {
      tested.account.state.zones = {};
      assert.match(
        await tested.onlyToDo(),
        /^The account 123456789012 has no hosted zone Z1\. Set tickets:hostedZoneId/,
      );
      tested.account.state.zones = { Z1: { name: "tickets.test", isPrivate: true, nameServers: [] } };
      assert.match(await tested.onlyToDo(), /^The hosted zone Z1 of tickets\.test is private/);
      for (const name of ["example.test", "kets.test", "www.tickets.test"]) {
        tested.account.state.zones = { Z1: { name, nameServers: NAME_SERVERS } };
        assert.match(
          await tested.onlyToDo(),
          new RegExp(
            `^The hosted zone Z1 is for ${name.replaceAll(".", "\\.")}, and the domain tickets\\.test is not in it\\.`,
          ),
        );
      }
    });

    it("reports a zone that is not delegated, or delegated to other name servers", async () => {
      tested.delegations = {};
      assert.match(
        await tested.onlyToDo(),
        /^DNS does not delegate tickets\.test to the hosted zone Z1\. Enter these name servers .*: ns-1\.awsdns-01\.org, ns-2\.awsdns-02\.com;/,
      );
      tested.delegations = { "tickets.test": ["ns-9.awsdns-09.net", "ns-1.awsdns-01.org"] };
      assert.match(
        await tested.onlyToDo(),
        /^DNS delegates tickets\.test to ns-1\.awsdns-01\.org, ns-9\.awsdns-09\.net, not to the hosted zone Z1\./,
      );
    });

    it("compares name servers regardless of order, case and final dots", async () => {
      tested.delegations = { "tickets.test": ["NS-2.awsdns-02.com.", "ns-1.awsdns-01.org"] };
      expectCode(await tested.run(), 0);
    });

    it("accepts the zone of a parent, unless the domain is delegated elsewhere", async () => {
      tested.account.state.zones = {
        Z1: { name: "test", nameServers: NAME_SERVERS, acceleratedRecovery: "ENABLED" },
      };
      tested.delegations = { test: NAME_SERVERS };
      expectCode(await tested.run(), 0);
      tested.delegations = { test: NAME_SERVERS, "tickets.test": ["ns.other.example"] };
      assert.match(
        await tested.onlyToDo(),
        /^DNS delegates tickets\.test to ns\.other\.example, so records of it in the hosted zone Z1 of test have no effect\./,
      );
    });

    it("recommends accelerated recovery, which does not change the exit code", async () => {
      for (const acceleratedRecovery of [undefined, "DISABLED", "ENABLE_FAILED"]) {
        tested.account.state.zones = {
          Z1: { name: "tickets.test", nameServers: NAME_SERVERS, acceleratedRecovery },
        };
        const result = await tested.run();
        expectCode(result, 0);
        assert.match(
          result.out,
          /^note +Accelerated recovery of the hosted zone Z1 is not enabled.*\n +aws route53 update-hosted-zone-features --hosted-zone-id Z1 --enable-accelerated-recovery$/m,
        );
      }
    });

    it("reports CAA records that exclude Amazon, for the domain, its wildcard and its parent", async () => {
      const only = (issue: string, issuewild?: string): (typeof tested.authorities)[string] => [
        { critical: 0, issue },
        ...(issuewild === undefined ? [] : [{ critical: 0, issuewild }]),
      ];
      tested.authorities = { "tickets.test": only("amazon.com", ";") };
      assert.match(
        await tested.onlyToDo(),
        /^The CAA records of tickets\.test .*: amazon\.com, ;\. Add the CAA records/,
      );
      tested.authorities = { test: only("letsencrypt.org") };
      assert.match(await tested.onlyToDo(), /: letsencrypt\.org\./);
      for (const allowed of [only("letsencrypt.org"), only("amazonaws.com; account=1")]) {
        tested.authorities = { "tickets.test": only("amazon.com"), test: allowed };
        expectCode(await tested.run(), 0);
      }
    });

    it("does not take a resolver that does not answer for a missing delegation", async () => {
      promises.resolveNs = () =>
        Promise.reject(Object.assign(new Error("queryNs ETIMEOUT"), { code: "ETIMEOUT" }));
      const result = await tested.run();
      expectCode(result, 1);
      assert.match(
        result.out,
        /^NOT CHECKED +The hosted zone of the domain could not be checked \(queryNs ETIMEOUT\)\./m,
      );
      assert.match(result.out, /^0 to do, 1 not checked\./m);
    });
  });

  describe("in a zone that the program creates", () => {
    beforeEach(() => tested.configure({ domainName: "tickets.test" }));

    it("announces the delegation during the first update", async () => {
      tested.account.state.zones = { Z2: { name: "zone.test", nameServers: ["ns.other.example"] } };
      tested.delegations = {};
      const result = await tested.run();
      expectCode(result, 0);
      assert.match(
        result.out,
        /^note +The program creates the hosted zone of tickets\.test\. pulumi up then waits for certificates/m,
      );
    });

    it("reports a zone of the domain that exists already, with the command that uses it", async () => {
      assert.match(
        await tested.onlyToDo(),
        /^Route 53 has a hosted zone of tickets\.test \(Z1\), .* pulumi config set tickets:hostedZoneId Z1$/,
      );
    });

    it("checks the delegation of the zone that the stack has created, also after an update that failed", async () => {
      const zone = { urn: "urn:zone", type: "aws:route53/zone:Zone", id: "Z1", custom: true };
      tested.pulumi.answers("stack export", { version: 3, deployment: { resources: [zone] } });
      expectCode(await tested.run(), 0);
      tested.delegations = {};
      assert.match(await tested.onlyToDo(), /^DNS does not delegate tickets\.test to the hosted zone Z1\./);
    });
  });
});
