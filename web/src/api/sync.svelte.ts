/**
 * Everything live: starts with the channels as they are, then applies each frame to the stores and
 * hands messages to the views that are open.
 */
import { channels } from './channels.svelte';
import { Cursors } from './cursors';
import { Outbox } from './outbox.svelte';
import { presence } from './presence.svelte';
import { isOwnMark } from './reading';
import { theRegion } from './region.svelte';
import { session } from './session.svelte';
import { Socket } from './socket.svelte';
import { topics } from './topics.svelte';
import type { Channel, ClientFrame, Message, ServerFrame } from './types';

type Listener = (frame: ServerFrame) => void;

/** An unanswered post after this long means the line is dead, even if the browser thinks otherwise. */
const ANSWER_WITHIN = 10_000;
/** A stored message that never comes by itself (posted into a channel just left) goes from the screen. */
const ARRIVES_WITHIN = 3000;

const cursors = new Cursors();
const listeners = new Set<Listener>();
let watchdog: ReturnType<typeof setInterval> | undefined;

const socket = new Socket({
  cursors: () => cursors.all(),
  onFrame: receive,
  onSignedOut: () => session.ended(),
  stillSignedIn: async () => {
    await session.load().catch(() => {});
    return session.me !== null;
  },
});

export const outbox = new Outbox((post) => socket.send({ type: 'post', ...post }));
session.whenLeaving((account) => outbox.forget(account));

export const sync = {
  get state() {
    return socket.state;
  },
  get retryAt() {
    return socket.retryAt;
  },
  async start(account: string): Promise<void> {
    outbox.open(account);
    await Promise.all([theRegion.load(), loadChannels()]);
    socket.start();
    watchdog = watchAnswers();
  },
  stop(): void {
    clearInterval(watchdog);
    socket.stop();
    cursors.clear();
    channels.clear();
    topics.clear();
    presence.clear();
  },
  send: (frame: ClientFrame) => socket.send(frame),
  retryNow: () => socket.restart(),
  /** Listens to every frame until the returned function is called. */
  listen(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

async function loadChannels(): Promise<void> {
  startCursors(await channels.load());
}

function startCursors(items: Channel[]): void {
  for (const channel of items) if (channel.member) cursors.startAt(channel.id, channel.head_seq);
}

function receive(frame: ServerFrame): void {
  apply(frame);
  for (const listener of listeners) listener(frame);
}

function apply(frame: ServerFrame): void {
  const reader = session.me?.id ?? '';
  switch (frame.type) {
    case 'live':
      outbox.lost();
      return outbox.flush();
    case 'message':
      return applyMessage(frame.message, reader);
    case 'topic':
      cursors.saw(frame.topic.channel, frame.seq);
      return topics.changed(frame.topic);
    case 'posted':
      outbox.acknowledged(frame.ref);
      setTimeout(() => outbox.remove(frame.ref), ARRIVES_WITHIN);
      return;
    case 'held':
      return outbox.acknowledged(frame.ref, 'held');
    case 'refused':
      if (frame.ref && !outbox.refused(frame.ref, frame.code, frame)) setTimeout(() => outbox.flush(), 2000);
      return;
    case 'read':
      if (isOwnMark(frame.channel, frame.topic, frame.seq)) return;
      channels.refreshSoon(frame.channel);
      if (topics.isLoaded(frame.channel)) void topics.load(frame.channel).catch(() => {});
      return;
    case 'channel':
      return channels.refreshSoon(frame.channel);
    case 'membership':
      return void changeMembership(frame.channel, frame.member);
    case 'notice':
      if (frame.code === 'standing_changed') void session.load().then(loadChannels).catch(() => {});
      return;
    case 'presence':
      return presence.changed(frame.here, frame.gone);
    case 'resync':
      return void resync(frame.channel);
  }
}

function applyMessage(message: Message, reader: string): void {
  if (message.author === reader && message.ref) outbox.remove(message.ref);
  if (!cursors.saw(message.channel, message.changed_seq)) return;
  channels.received(message, reader);
  topics.received(message, reader);
}

async function changeMembership(id: string, member: boolean): Promise<void> {
  if (!member) cursors.forget(id);
  const channel = await channels.refresh(id).catch(() => null);
  if (channel?.member) startCursors([channel]);
}

async function resync(id: string | null): Promise<void> {
  if (id === null) return loadChannels().catch(() => {});
  const channel = await channels.refresh(id).catch(() => null);
  if (channel) startCursors([channel]);
}

/** A cable that was pulled says nothing: a post without an answer tells. */
function watchAnswers(): ReturnType<typeof setInterval> {
  let under = new Set<string>();
  return setInterval(() => {
    if (socket.state === 'live' && outbox.staleSince(under)) socket.restart();
    under = new Set(outbox.items.filter((item) => item.state === 'sent').map((item) => item.ref));
  }, ANSWER_WITHIN);
}
