import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { api, Problem } from '../../api/client';
import type { FileView } from '../../api/types';
import { shownSize } from './sizes';
import { accepted, Upload, Uploads } from './uploads.svelte';

const view = (name: string): FileView => ({
  id: name,
  name,
  media_type: 'text/plain; charset=utf-8',
  size: 5,
  kind: 'document',
  width: null,
  height: null,
  thumbnail: false,
  preview: false,
  created_at: '2026-11-29T12:00:00Z',
});
const state = (offset: number, file: FileView | null = null) => ({ id: 'f', state: file ? 'ready' : 'uploading', size: 5, offset, file, holder: null });
const named = (name: string, size = 5) => new File(['x'.repeat(size)], name, { type: 'text/plain' });

beforeEach(() => {
  vi.spyOn(api, 'post').mockResolvedValue(state(0));
  vi.spyOn(api, 'delete').mockResolvedValue(undefined);
});
afterEach(() => vi.restoreAllMocks());

test('a file is sent in pieces from where the server is', async () => {
  const size = 1024 * 1024 + 5;
  const patch = vi.spyOn(api, 'patch').mockResolvedValueOnce(state(983_040)).mockResolvedValueOnce(state(size, view('a.txt')));
  const upload = new Upload('a.txt', named('a.txt', size));
  await upload.send();
  expect(patch.mock.calls.map(([, piece, options]) => [(piece as Blob).size, options?.headers])).toEqual([
    [1024 * 1024, { 'Upload-Offset': '0' }],
    [65_541, { 'Upload-Offset': '983040' }],
  ]);
  expect(upload).toMatchObject({ state: 'ready', file: { name: 'a.txt' } });
});

test('it goes on after a broken line, and ends with a refusal', async () => {
  vi.spyOn(api, 'get').mockResolvedValue(state(0));
  vi.spyOn(api, 'patch')
    .mockRejectedValueOnce(new Problem(0, 'offline'))
    .mockRejectedValueOnce(new Problem(422, 'file_active'));
  const upload = new Upload('a.txt', named('a.txt'), 1);
  await upload.send();
  expect(api.post).toHaveBeenCalledTimes(1);
  expect(upload.state).toBe('failed');
});

test('what is taken back is erased and sends nothing more', async () => {
  let answer: (value: unknown) => void = () => {};
  const patch = vi.spyOn(api, 'patch').mockReturnValue(new Promise((resolve) => (answer = resolve)));
  const uploads = new Uploads(10);
  uploads.add([named('a.txt')]);
  await vi.waitFor(() => expect(patch).toHaveBeenCalled());
  expect(uploads.busy).toBe(true);
  uploads.remove(uploads.all[0]!);
  answer(state(0));
  await vi.waitFor(() => expect(api.delete).toHaveBeenCalledWith('/api/files/f'));
  expect([uploads.all.length, patch.mock.calls.length]).toEqual([0, 1]);
});

test('what can not be sent says so at once', () => {
  vi.spyOn(api, 'patch').mockReturnValue(new Promise(() => {}));
  const uploads = new Uploads(2, false);
  uploads.add([named('a.exe'), named('empty.txt', 0), named('photo.JPG'), named('a.txt'), named('b.pdf'), named('c.odt')]);
  expect(uploads.all.map(({ state }) => state)).toEqual(['failed', 'failed', 'failed', 'sending', 'sending', 'failed']);
  uploads.restore([view('kept.txt')]);
  expect(uploads.files.map(({ name }) => name)).toEqual(['kept.txt']);
  expect([accepted(true).includes('.png'), accepted(false).includes('.png')]).toEqual([true, false]);
});

test('a picture keeps its shape', () => {
  expect(shownSize(900, 600)).toEqual({ width: 240, height: 160 });
  expect(shownSize(30, 20)).toEqual({ width: 30, height: 20 });
  expect(shownSize(10_000, 1)).toEqual({ width: 240, height: 1 });
});
