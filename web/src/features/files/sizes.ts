/** How large a file is, in words. */
import { formatNumber, t } from '../../base/i18n.svelte';

/** 25 MiB, as the server has it. */
export const FILE_MAX = 25 * 1024 * 1024;

export function sizeText(bytes: number): string {
  if (bytes < 1024) return t('files_bytes', { count: bytes });
  if (bytes < 1024 * 1024) return t('files_kib', { size: formatNumber(Math.round(bytes / 1024)) });
  return t('files_mib', { size: formatNumber(Math.round((bytes / 1024 / 1024) * 10) / 10) });
}

/** The size at which a picture is shown among others: it keeps its shape and its place before it is there. */
export function shownSize(width: number | null, height: number | null, most = 240): { width: number; height: number } {
  const [w, h] = [width || most, height || most];
  const scale = Math.min(1, most / Math.max(w, h));
  return { width: Math.max(1, Math.round(w * scale)), height: Math.max(1, Math.round(h * scale)) };
}
