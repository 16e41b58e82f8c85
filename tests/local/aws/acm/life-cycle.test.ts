import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { LocalAcm } from "../../../../local/aws/acm/acm";
import { createResource, deleteResource, readResource, updateResource } from "../../support/create-resource";
import { CERTIFICATE, INPUTS, OpenAcm, VALIDATION } from "./open-acm";

describe("ACM", () => {
  let open: OpenAcm;
  let acm: LocalAcm;

  beforeEach(async () => {
    open = await OpenAcm.open();
    acm = open.acm;
  });

  afterEach(() => acm.close());

  describe("certificates", () => {
    it("have an ARN of their own for each request, also with the same names", async () => {
      const [one, other] = [await open.certificate(), await open.certificate({}, "eu-west-1", "other")];
      assert.notEqual(one.id, other.id);
      assert.deepEqual(one.options, other.options);
    });

    it("are read as pending, then as issued with their validity, and as gone after their deletion", async () => {
      const { made, options } = await open.certificate();
      assert.deepEqual((await readResource(acm, made))?.outputs, made.outputs);
      open.prove(options);
      await open.validate(made.id);
      const issued = await readResource(acm, made);
      const { validTo } = new X509Certificate(acm.keyPairOf(made.id).cert);
      assert.deepEqual(
        [issued?.outputs.status, Date.parse(String(issued?.outputs.notAfter)), issued?.inputs],
        ["ISSUED", Date.parse(validTo), made.inputs],
      );
      await deleteResource(acm, made);
      assert.equal(await readResource(acm, made), undefined);
      assert.throws(() => acm.keyPairOf(made.id), /ResourceNotFoundException/);
      await deleteResource(acm, made);
    });

    it("keep their ARN and key when their tags change", async () => {
      const { made, options } = await open.certificate();
      open.prove(options);
      await open.validate(made.id);
      const before = acm.keyPairOf(made.id);
      const tagged = await updateResource(acm, made, { ...made.inputs, tags: { team: "support" } });
      assert.equal(tagged.outputs.arn, made.id);
      assert.equal(acm.keyPairOf(made.id), before);
      assert.deepEqual((await readResource(acm, tagged))?.inputs, tagged.inputs);
    });

    it("cannot be deleted while a resource uses them", async () => {
      const { made } = await open.certificate();
      const users = ["arn:aws:cloudfront::000000000000:distribution/E1"];
      acm.addUser({ certificateUsers: (arn) => (arn === made.id ? users : []) });
      await assert.rejects(deleteResource(acm, made), {
        message: /^ResourceInUseException: Certificate arn:.* is in use by arn:.*distribution\/E1/,
      });
      assert.ok(await readResource(acm, made));
      users.pop();
      await deleteResource(acm, made);
      assert.equal(await readResource(acm, made), undefined);
    });

    it("stay in use for an hour after their last user is gone, divided by the speed", async () => {
      const fast = await LocalAcm.create({ route53: open, speed: 60 });
      for (const [service, seconds] of [
        [acm, 3600],
        [fast, 60],
      ] as const) {
        const made = await createResource(service, CERTIFICATE, INPUTS, { region: "us-east-1" });
        service.endUse(made.id, "arn:aws:cloudfront::000000000000:distribution/E1");
        await assert.rejects(deleteResource(service, made), (error: Error) => {
          const [, left] =
            /^ResourceInUseException: .* is still in use by arn:.*distribution\/E1, .* in (\d+) s\./.exec(
              error.message,
            ) ?? [];
          return Number(left) <= seconds && Number(left) > seconds - 30;
        });
        service.setReleaseTime(0);
        await deleteResource(service, made);
        assert.equal(await readResource(service, made), undefined);
      }
      await fast.close();
    });

    it("are replaced when their names change, in any order", () => {
      const { replacingChanges, replacing } = acm.resourceHandlers[CERTIFICATE];
      const changes = (...names: string[]): readonly string[] | undefined =>
        replacingChanges?.(
          { ...INPUTS, subjectAlternativeNames: ["a.tickets.test", "b.tickets.test"] },
          { ...INPUTS, subjectAlternativeNames: names },
        );
      assert.deepEqual(changes("b.tickets.test", "a.tickets.test", "tickets.test"), []);
      assert.deepEqual(changes("a.tickets.test"), ["subjectAlternativeNames"]);
      assert.deepEqual(changes("a.tickets.test", "b.tickets.test", "c.tickets.test"), [
        "subjectAlternativeNames",
      ]);
      assert.deepEqual(Object.keys(replacing).sort(), ["domainName", "validationMethod"]);
    });
  });

  describe("validations", () => {
    it("check the records again for a replaced certificate", async () => {
      const first = await open.certificate();
      open.prove(first.options);
      await open.validate(first.id);
      open.records.clear();
      const second = await open.certificate({}, "eu-west-1", "second");
      await assert.rejects(open.validate(second.id), { message: /is in no hosted zone/ });
    });

    it("leave an issued certificate unchanged without its records, and when they are deleted", async () => {
      const { made, options } = await open.certificate();
      open.prove(options);
      const validation = await open.validate(made.id);
      const before = acm.keyPairOf(made.id);
      open.records.clear();
      const again = await createResource(acm, VALIDATION, { certificateArn: made.id }, { name: "again" });
      assert.notEqual(again.id, validation.id);
      await deleteResource(acm, validation);
      assert.equal(acm.keyPairOf(made.id), before);
    });

    it("are gone with their certificate", async () => {
      const { made, options } = await open.certificate();
      open.prove(options);
      const validation = await open.validate(made.id);
      assert.deepEqual((await readResource(acm, validation))?.inputs, { certificateArn: made.id });
      await deleteResource(acm, made);
      assert.equal(await readResource(acm, validation), undefined);
    });

    it("are replaced by every change", () => {
      const { updatable, replacing } = acm.resourceHandlers[VALIDATION];
      assert.deepEqual(
        [updatable, Object.keys(replacing)],
        [[], ["certificateArn", "validationRecordFqdns"]],
      );
    });
  });
});
