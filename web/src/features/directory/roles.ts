/** Roles and where they hold, in words. */
import { channelName, channels } from '../../api/channels.svelte';
import { countryName, themeName } from '../../api/region.svelte';
import type { Role } from '../../api/types';
import { t } from '../../base/i18n.svelte';

/** Romania; Forced begging; the whole region. */
export function scopeText(scope: string): string {
  const [kind, value = ''] = scope.split(':');
  if (kind === 'country') return countryName(value);
  if (kind === 'theme') return themeName(value);
  if (kind === 'channel') return channelName(channels.find(value)) || t('people_scope_channel');
  return t('people_scope_region');
}

/** Administrator; Moderator: Romania. */
export function roleText(role: Role): string {
  if (role.role === 'administrator') return t('people_role_administrator');
  if (role.role === 'auditor') return t('people_role_auditor');
  if (role.role === 'data_protection') return t('people_role_data_protection');
  if (role.role === 'editor') return t('people_role_editor');
  if (role.role === 'focal_point') return t('directory_focal_point');
  return t('people_role_moderator_of', { scope: scopeText(role.scope) });
}
