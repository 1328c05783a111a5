/** What a reader's roles allow here: the server decides, this only spares people a refusal. */
import type { Me } from '../../api/types';

type Holder = Pick<Me, 'roles'> | null;

const scopes = (me: Holder) => (me?.roles ?? []).filter((role) => role.role === 'moderator').map((role) => role.scope);

export function administers(me: Holder): boolean {
  return me?.roles.some((role) => role.role === 'administrator') ?? false;
}

/** Whether one may read the record of acts. */
export function audits(me: Holder): boolean {
  return me?.roles.some((role) => role.role === 'auditor') ?? false;
}

/** Whether some part of the administration is of use to them. */
export function entersAdministration(me: Holder): boolean {
  return administers(me) || audits(me) || scopes(me).length > 0 || answersFor(me).length > 0;
}

/** The countries one may invite for: all (`everywhere`), or those of one's own scope. */
export function inviting(me: Holder): { everywhere: boolean; countries: string[] } {
  const held = scopes(me);
  const countries = held.filter((scope) => scope.startsWith('country:')).map((scope) => scope.slice('country:'.length));
  return { everywhere: administers(me) || held.includes('region'), countries };
}

/** The organisations one answers for, by id: one invites into them. */
export function answersFor(me: Holder): string[] {
  const held = (me?.roles ?? []).filter((role) => role.role === 'focal_point');
  return held.map((role) => role.scope.slice('organisation:'.length));
}

/** Whether one answers for an organisation and has no other part in the administration. */
export function answersOnly(me: Holder): boolean {
  return answersFor(me).length > 0 && !administers(me) && !audits(me) && !scopes(me).length;
}

/** Whether one may open a channel about this country and theme ('' = none). */
export function opensChannel(me: Holder, country: string, theme: string): boolean {
  if (administers(me)) return true;
  return scopes(me).some(
    (scope) =>
      scope === 'region' || (country !== '' && scope === `country:${country}`) || (theme !== '' && scope === `theme:${theme}`),
  );
}
