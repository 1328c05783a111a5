/** The reactions that are one click away; the whole list comes with the picker. */
export const QUICK = ['👍', '✅', '🙏', '❤️', '👀'] as const;
