/** What the open page is about, for the title of the window. */
let title = $state('');

export const pageTitle = {
  get current(): string {
    return title;
  },
  set(text: string): void {
    title = text;
  },
};
