import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Socket } from './socket.svelte';

/** Lines to a server that are opened and spoken on by hand. */
class Line {
  static made: Line[] = [];
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  readyState = Line.OPEN;
  onopen: () => void = () => {};
  onmessage: (event: { data: string }) => void = () => {};
  onclose: (event: { code: number }) => void = () => {};
  constructor() {
    Line.made.push(this);
  }
  send() {}
  close() {}
  say(type: string) {
    this.onmessage({ data: JSON.stringify({ type, code: 'alive' }) });
  }
}

describe('a line that dies without a word', () => {
  const heard: Record<string, (() => void)[]> = {};
  const listen = (name: string, listener: () => void) => void (heard[name] ??= []).push(listener);
  const happens = (name: string) => heard[name]?.forEach((listener) => listener());
  let socket: Socket;
  let visible: boolean;

  beforeEach(() => {
    vi.useFakeTimers();
    Line.made = [];
    visible = true;
    for (const name of Object.keys(heard)) delete heard[name];
    vi.stubGlobal('WebSocket', Line);
    vi.stubGlobal('location', { href: 'http://egida.example/' });
    vi.stubGlobal('addEventListener', listen);
    vi.stubGlobal('removeEventListener', () => {});
    vi.stubGlobal('document', {
      get visibilityState() {
        return visible ? 'visible' : 'hidden';
      },
      addEventListener: listen,
      removeEventListener: () => {},
    });
    socket = new Socket({ cursors: () => ({}), onFrame: () => {}, onSignedOut: () => {}, stillSignedIn: async () => true });
    socket.start();
    Line.made[0]!.onopen();
    Line.made[0]!.say('live');
  });
  afterEach(() => {
    socket.stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('is given up after a minute of silence', () => {
    vi.advanceTimersByTime(55_000);
    expect(Line.made).toHaveLength(1);
    vi.advanceTimersByTime(20_000);
    expect(Line.made).toHaveLength(2);
    expect(socket.state).toBe('connecting');
  });

  it('is kept while the server says that it is alive', () => {
    for (let n = 0; n < 10; n += 1) {
      vi.advanceTimersByTime(25_000);
      Line.made[0]!.say('notice');
    }
    expect(Line.made).toHaveLength(1);
  });

  it('is doubted earlier by who comes back, and only if its mailbox is empty', () => {
    visible = false;
    vi.advanceTimersByTime(35_000);
    happens('visibilitychange');
    vi.advanceTimersByTime(5000);
    expect(Line.made).toHaveLength(1);
    visible = true;
    happens('visibilitychange');
    Line.made[0]!.say('notice');
    vi.advanceTimersByTime(5000);
    expect(Line.made).toHaveLength(1);
    vi.advanceTimersByTime(35_000);
    happens('focus');
    vi.advanceTimersByTime(2000);
    expect(Line.made).toHaveLength(2);
  });

  it('is noted as broken, also before it was ever there', () => {
    expect(socket.broken).toBe(false);
    happens('offline');
    expect(socket.broken).toBe(true);
  });

  it('is given up also when it never opens', () => {
    vi.advanceTimersByTime(70_000);
    vi.advanceTimersByTime(70_000);
    expect(Line.made).toHaveLength(3);
  });
});
