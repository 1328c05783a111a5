/**
 * The live connection: resumes where it stopped, comes back by itself, says what state it is in.
 * It knows frames, not what they mean.
 */
import { afterClose } from './backoff';
import type { ClientFrame, ServerFrame } from './types';

/** `away`: another window took this one's place; it comes back when it is looked at. */
export type LinkState = 'connecting' | 'catching-up' | 'live' | 'offline' | 'away' | 'closed';

/**
 * The server says every 25 seconds that the line is alive. A line silent for longer than two of these is dead, even if
 * the browser hasn't noticed: a cable that was pulled says nothing. All in milliseconds.
 */
const DEAD_AFTER = 60_000;
/** Whoever comes back to the page isn't left waiting that long. */
const DOUBTED_AFTER = 30_000;
/** What a page that slept has in its mailbox comes within this time, if the line lives. */
const MAILBOX = 2000;
const LOOK_EVERY = 10_000;

export interface SocketOptions {
  cursors: () => Record<string, number>;
  onFrame: (frame: ServerFrame) => void;
  onSignedOut: () => void;
  /** Asked after an attempt that never opened: the server may have refused the session. */
  stillSignedIn: () => Promise<boolean>;
}

export class Socket {
  state = $state<LinkState>('closed');
  /** When the next attempt is due, for the banner. */
  retryAt = $state<number | null>(null);
  /** Whether a line was lost, or never came about, since this was last set to false. */
  broken = false;

  #socket: WebSocket | null = null;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;
  #doubt: ReturnType<typeof setTimeout> | undefined;
  /** When the server was last heard, or asked for a line. */
  #heard = 0;
  readonly #options: SocketOptions;

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  start(): void {
    addEventListener('online', this.#hurry);
    addEventListener('offline', this.#lost);
    addEventListener('focus', this.#back);
    document.addEventListener('visibilitychange', this.#back);
    clearInterval(this.#watch);
    this.#watch = setInterval(() => this.#silentFor(DEAD_AFTER) && this.restart(), LOOK_EVERY);
    this.#connect();
  }

  stop(): void {
    removeEventListener('online', this.#hurry);
    removeEventListener('offline', this.#lost);
    removeEventListener('focus', this.#back);
    document.removeEventListener('visibilitychange', this.#back);
    clearInterval(this.#watch);
    clearTimeout(this.#doubt);
    clearTimeout(this.#timer);
    this.#drop();
    this.state = 'closed';
  }

  /** False when there is no live connection to send on. */
  send(frame: ClientFrame): boolean {
    if (this.state !== 'live' || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Gives up a connection that seems dead and makes a new one. */
  restart(): void {
    this.broken = true;
    this.#drop();
    this.#attempt = 0;
    this.#connect();
  }

  #hurry = () => {
    if (this.state === 'offline') this.restart();
  };

  #back = () => {
    if (document.visibilityState !== 'visible') return;
    if (this.state === 'away' || this.state === 'offline') return this.restart();
    if (!this.#silentFor(DOUBTED_AFTER)) return;
    clearTimeout(this.#doubt);
    this.#doubt = setTimeout(() => this.#silentFor(DOUBTED_AFTER) && this.restart(), MAILBOX);
  };

  #silentFor(time: number): boolean {
    return this.#socket !== null && Date.now() - this.#heard > time;
  }

  #lost = () => {
    this.#drop();
    this.#later(afterClose(0, this.#attempt++));
  };

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    // Closing one that isn't open yet is an error in the console of every browser.
    if (socket.readyState === WebSocket.CONNECTING) socket.onopen = () => socket.close();
    else socket.close();
  }

  #connect(): void {
    clearTimeout(this.#timer);
    this.retryAt = null;
    if (this.state !== 'offline') this.state = 'connecting';
    const url = new URL('/api/socket', location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url, 'egida.v1');
    let opened = false;
    this.#socket = socket;
    this.#heard = Date.now();
    socket.onopen = () => {
      opened = true;
      this.state = 'catching-up';
      socket.send(JSON.stringify({ type: 'resume', cursors: this.#options.cursors() } satisfies ClientFrame));
    };
    socket.onmessage = (event) => this.#receive(String(event.data));
    socket.onclose = (event) => {
      if (this.#socket === socket) this.#socket = null;
      void this.#closed(event.code, opened);
    };
  }

  #receive(data: string): void {
    this.#heard = Date.now();
    let frame: ServerFrame;
    try {
      frame = JSON.parse(data) as ServerFrame;
    } catch {
      return;
    }
    if (frame.type === 'live') {
      this.state = 'live';
      this.#attempt = 0;
    }
    this.#options.onFrame(frame);
  }

  async #closed(code: number, opened: boolean): Promise<void> {
    const next = afterClose(code, this.#attempt++);
    if (next.kind === 'signed-out') return this.#signedOut();
    this.#later(next);
    if (!opened && navigator.onLine && !(await this.#options.stillSignedIn())) this.#signedOut();
  }

  #signedOut(): void {
    this.stop();
    this.#options.onSignedOut();
  }

  #later(next: ReturnType<typeof afterClose>): void {
    this.broken = true;
    clearTimeout(this.#timer);
    if (next.kind !== 'retry') {
      this.state = 'away';
      return;
    }
    this.state = 'offline';
    this.retryAt = Date.now() + next.delay;
    this.#timer = setTimeout(() => this.#connect(), next.delay);
  }
}
