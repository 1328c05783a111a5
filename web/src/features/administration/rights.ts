/** What a reader's roles allow here: the server decides, this only spares people a refusal. */
import type { Me } from '../../api/types';

/** Powers that sleep for want of a second factor are none. */
type Holder = (Pick<Me, 'roles'> & { factor?: { asleep: boolean } }) | null;

const awake = (me: Holder) => (me?.factor?.asleep ? [] : (me?.roles ?? []));
const scopes = (me: Holder) => awake(me).filter((role) => role.role === 'moderator').map((role) => role.scope);

export function administers(me: Holder): boolean {
  return awake(me).some((role) => role.role === 'administrator');
}

/** Whether some part of the administration is of use to them. */
export function entersAdministration(me: Holder): boolean {
  return administers(me) || scopes(me).length > 0 || answersFor(me).length > 0;
}

/** The countries one may invite for: all (`everywhere`), or those of one's own scope. */
export function inviting(me: Holder): { everywhere: boolean; countries: string[] } {
  const held = scopes(me);
  const countries = held.filter((scope) => scope.startsWith('country:')).map((scope) => scope.slice('country:'.length));
  return { everywhere: administers(me) || held.includes('region'), countries };
}

/** The organisations one answers for, by id: one invites into them. This power asks for no second factor and never sleeps. */
export function answersFor(me: Holder): string[] {
  const held = (me?.roles ?? []).filter((role) => role.role === 'focal_point');
  return held.map((role) => role.scope.slice('organisation:'.length));
}

/** Whether one answers for an organisation and has no other part in the administration. */
export function answersOnly(me: Holder): boolean {
  return answersFor(me).length > 0 && !administers(me) && !scopes(me).length;
}

/** Whether one may open a channel about this country and theme ('' = none). */
export function opensChannel(me: Holder, country: string, theme: string): boolean {
  if (administers(me)) return true;
  return scopes(me).some(
    (scope) =>
      scope === 'region' || (country !== '' && scope === `country:${country}`) || (theme !== '' && scope === `theme:${theme}`),
  );
}
