/** The one way to the server over HTTP: JSON in and out, problems as exceptions with a code. */
import { hasText, t } from '../base/i18n.svelte';

/** What the server (or the lack of one, code `offline`) had to say against a request. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly extra: Record<string, unknown> = {},
  ) {
    super(code);
    this.name = 'Problem';
  }
}

interface Options {
  signal?: AbortSignal;
  /** The answer brings a new cookie: others that are under way may meet the old one's end. */
  renews?: boolean;
  /** The answer is a file. */
  blob?: boolean;
  headers?: Record<string, string>;
  query?: Record<string, string | number | boolean | null | undefined>;
}

let onSignedOut: () => void = () => {};

let stepUp: (() => Promise<boolean>) | null = null;
let stepping: Promise<boolean> | null = null;

/** Asked when an act needs a fresh proof of who one is; true: it was given, and the act is tried again. */
export function whenStepUpNeeded(ask: (() => Promise<boolean>) | null): void {
  stepUp = ask;
}

/** One dialog, however many acts wait for it. */
function proveAgain(): Promise<boolean> {
  stepping ??= (stepUp?.() ?? Promise.resolve(false)).finally(() => (stepping = null));
  return stepping;
}

/** The same without an act that waits for it. */
export const proveByDialog = (): Promise<boolean> => proveAgain();

/** How many cookies there were, and the request that is fetching the next one. */
let cookies = 0;
let renewing: Promise<unknown> | null = null;

/** Told once the server no longer knows who we are. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

async function request<T>(method: string, path: string, body: unknown, options: Options): Promise<T> {
  const before = cookies;
  try {
    if (!options.renews) return await ask<T>(method, path, body, options);
    const asking = ask<T>(method, path, body, options);
    renewing = asking.catch(() => {});
    const answer = await asking;
    cookies += 1;
    return answer;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === 'step_up_required' && (await proveAgain())) return ask<T>(method, path, body, options);
    if (error.code === 'not_signed_in') {
      await renewing;
      if (cookies !== before) return ask<T>(method, path, body, options);
      onSignedOut();
    }
    throw error;
  }
}

async function ask<T>(method: string, path: string, body: unknown, options: Options): Promise<T> {
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== null && value !== undefined && value !== '') url.searchParams.set(name, String(value));
  }
  const raw = body instanceof Blob;
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      credentials: 'same-origin',
      headers: { ...(body !== undefined && { 'Content-Type': `application/${raw ? 'octet-stream' : 'json'}` }), ...options.headers },
      body: raw || body === undefined ? body : JSON.stringify(body),
      signal: options.signal,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(0, 'offline');
  }
  if (response.status === 204) return undefined as T;
  // An answer that breaks off is none.
  const broken = () => {
    throw new Problem(0, 'offline');
  };
  if (response.ok) return (await (options.blob ? response.blob() : response.json()).catch(broken)) as T;
  const answer = await response.json().catch(() => ({}));
  throw new Problem(response.status, String(answer.code ?? 'other'), answer);
}

/** What was asked for before anybody knew whether they may: the first `get` of the same takes the answer. */
const early = new Map<string, Promise<unknown>>();

function ahead(path: string): void {
  const asking = ask('GET', path, undefined, {});
  asking.catch(() => {});
  early.set(path, asking);
}

function get<T>(path: string, options: Options = {}): Promise<T> {
  const again = () => request<T>('GET', path, undefined, options);
  const asked = early.get(path) as Promise<T> | undefined;
  early.delete(path);
  return asked?.catch(again) ?? again();
}

export const api = {
  ahead,
  get,
  post: <T>(path: string, body: unknown = {}, options: Options = {}) => request<T>('POST', path, body, options),
  put: <T>(path: string, body?: unknown, options: Options = {}) => request<T>('PUT', path, body, options),
  patch: <T>(path: string, body: unknown, options: Options = {}) => request<T>('PATCH', path, body, options),
  delete: <T = void>(path: string, options: Options = {}) => request<T>('DELETE', path, undefined, options),
};

/** What to tell the reader about anything that was thrown. */
export function problemText(error: unknown): string {
  const { code, extra } = error instanceof Problem ? error : { code: 'other', extra: {} };
  return refusalText(code, extra);
}

/** The same for a code that came over the socket. */
export function refusalText(code: string, extra: Record<string, unknown> = {}): string {
  const key = `problem_${code}`;
  const params: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(extra)) {
    if (typeof value === 'string' || typeof value === 'number') params[name] = value;
  }
  const retry = Number(extra.retry_after);
  if (retry) params.count = retry;
  return t(hasText(key) ? key : 'problem_other', params);
}
