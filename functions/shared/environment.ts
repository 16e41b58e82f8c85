/**
 * Returns the value of an environment variable of the function.
 * @throws Error that names the variable if it is missing or empty.
 */
export function environmentVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The environment variable ${name} of this function is not set.`);
  return value;
}
