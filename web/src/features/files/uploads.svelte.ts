/**
 * Files on their way to the server: sent in pieces, going on by themselves after a broken line, examined there. Each has a
 * state that one can read and take back.
 */
import { api, Problem, problemText } from '../../api/client';
import type { FileState, FileView } from '../../api/types';
import { t } from '../../base/i18n.svelte';
import { FILE_MAX, sizeText } from './sizes';

/** So much goes at once: small enough that a broken line costs little, large enough not to slow a good one. */
const PIECE = 1024 * 1024;
/** Problems that pass: the line is gone, the server busy, or our own earlier piece still under way there. */
const PASSING = new Set(['offline', 'busy', 'too_slow', 'internal', 'upload_busy', 'upload_offset', 'too_many_attempts']);
const PICTURES = ['.jpg', '.jpeg', '.png', '.webp'];
const DOCUMENTS = ['.pdf', '.docx', '.odt', '.txt'];

/** What a file chooser offers. */
export const accepted = (pictures: boolean): string => [...(pictures ? PICTURES : []), ...DOCUMENTS].join(',');

const endingOf = (name: string) => /\.\w+$/.exec(name)?.[0].toLowerCase() ?? '';

export class Upload {
  state = $state<'sending' | 'waiting' | 'examined' | 'ready' | 'failed'>('sending');
  sent = $state(0);
  problem = $state('');
  file = $state.raw<FileView | null>(null);
  readonly size: number;
  #id: string | null = null;
  #ended = false;

  constructor(
    readonly name: string,
    readonly source: Blob | null,
    private readonly patience = 2000,
    /** For a case room: the server keeps no name of it. */
    private readonly sealed = false,
  ) {
    this.size = source?.size ?? 0;
  }

  /** A file that is with the server already. */
  static of(file: FileView): Upload {
    const upload = new Upload(file.name, null);
    upload.#done(file);
    return upload;
  }

  refuse(problem: string): this {
    this.state = 'failed';
    this.problem = problem;
    return this;
  }

  async send(): Promise<void> {
    while (!this.#ended) {
      try {
        return await this.#goOn();
      } catch (error) {
        if (this.#ended) return;
        if (!(error instanceof Problem) || !PASSING.has(error.code)) {
          this.refuse(problemText(error));
          return;
        }
        this.state = 'waiting';
        await new Promise((resolve) => setTimeout(resolve, this.patience));
      }
    }
  }

  /** Takes it back; what is with the server is erased there. */
  async remove(): Promise<void> {
    this.#ended = true;
    if (this.#id) await api.delete(`/api/files/${this.#id}`).catch(() => {});
  }

  async #goOn(): Promise<void> {
    const { source } = this;
    if (!source) return;
    if (this.#id) this.sent = (await api.get<FileState>(`/api/files/${this.#id}`)).offset;
    else this.#id = (await api.post<FileState>('/api/files', { name: this.name, size: this.size, media_type: source.type, ...(this.sealed && { sealed: true }) })).id;
    while (!this.#ended) {
      const end = Math.min(this.sent + PIECE, this.size);
      this.state = end === this.size ? 'examined' : 'sending';
      const piece = source.slice(this.sent, end, 'application/octet-stream');
      const headers = { 'Upload-Offset': String(this.sent) };
      const answer = await api.patch<FileState>(`/api/files/${this.#id}`, piece, { headers });
      if (answer.file) return this.#done(answer.file);
      this.sent = answer.offset;
    }
  }

  #done(file: FileView): void {
    this.#id = file.id;
    this.sent = this.size;
    this.file = file;
    this.state = 'ready';
  }
}

export class Uploads {
  all = $state.raw<Upload[]>([]);

  constructor(
    public limit: number,
    public pictures = true,
    private readonly sealed = false,
  ) {}

  get busy(): boolean {
    return this.all.some(({ state }) => state !== 'ready' && state !== 'failed');
  }

  get files(): FileView[] {
    return this.all.flatMap(({ file }) => file ?? []);
  }

  /** Begins to send what somebody has chosen; what can't be sent says so at once. */
  add(chosen: Iterable<File>): void {
    const begun = [...chosen].map((file) => new Upload(file.name || t('files_pasted'), file, undefined, this.sealed));
    for (const upload of begun) {
      const problem = this.#obstacle(upload);
      if (problem) upload.refuse(problem);
      else void upload.send();
      this.all = [...this.all, upload];
    }
  }

  /** Takes up files that are with the server already. */
  restore(files: FileView[]): void {
    const missing = files.filter((file) => !this.files.some(({ id }) => id === file.id));
    this.all = [...this.all, ...missing.map((file) => Upload.of(file))];
  }

  remove(upload: Upload): void {
    this.all = this.all.filter((other) => other !== upload);
    void upload.remove();
  }

  /** They hang on something now, and are no longer ours to take back. */
  clear(): void {
    this.all = this.all.filter(({ state }) => state !== 'ready' && state !== 'failed');
  }

  #obstacle({ name, size }: Upload): string {
    const ending = endingOf(name);
    if (this.all.filter(({ state }) => state !== 'failed').length >= this.limit) return t('files_too_many', { count: this.limit });
    if (size === 0) return t('problem_file_empty');
    if (size > FILE_MAX) return t('files_too_large', { size: sizeText(FILE_MAX) });
    if (!this.pictures && PICTURES.includes(ending)) return t('problem_pictures_not_here');
    if (![...PICTURES, ...DOCUMENTS].includes(ending)) return t('problem_file_type_refused');
    return '';
  }
}
