import { inputError } from "./inputs";

/**
 * Checks the KMS key of a resource, as far as it is emulated: a key encrypts only what is in its region. Keys themselves are not emulated.
 * https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html
 * @param input name of the input that contains the key.
 * @param region AWS code of the region of the resource.
 * @throws Error for anything but the ARN of a key in the region.
 */
export function checkKmsKey(input: string, keyArn: unknown, region: string): void {
  if (keyArn === undefined || keyArn === null || keyArn === "") return;
  const [, keyRegion] = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key\/[\w-]+$/.exec(String(keyArn)) ?? [];
  if (keyRegion === region) return;
  throw inputError(
    input,
    `NotFoundException: Invalid arn ${keyRegion ?? JSON.stringify(keyArn)}. Give the ARN of a KMS key in ${region}.`,
  );
}
