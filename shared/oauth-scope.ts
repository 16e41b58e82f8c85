/** Returns whether a text is the name of one scope: https://www.rfc-editor.org/rfc/rfc6749#section-3.3 */
export function isScope(text: string): boolean {
  return /^[!#-[\]-~]+$/.test(text);
}
