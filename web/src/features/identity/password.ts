/** The server's rule, told before it has to refuse. */
export const PASSWORD_MIN = 15;

export function longEnough(password: string): boolean {
  return [...password].length >= PASSWORD_MIN;
}
