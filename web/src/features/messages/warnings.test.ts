import { beforeEach, expect, it, vi } from 'vitest';

const get = vi.hoisted(() => vi.fn());
const isConfirmed = vi.hoisted(() => vi.fn());
vi.mock('../../api/client', () => ({ api: { get } }));
vi.mock('../../api/session.svelte', () => ({ session: { me: null }, isConfirmed }));

const published = { emails: ['Ana.Desk@centre.example'], phones: ['+40 21 000 00 01'] };

/** As on a page that was just opened. */
async function fresh() {
  vi.resetModules();
  const { warnings } = await import('./warnings');
  return async (text: string) => (await warnings(text)).map(({ kind }) => kind);
}

beforeEach(() => {
  get.mockReset();
  isConfirmed.mockReturnValue(true);
});

it('warns of a stranger’s address and of none that an organisation has published', async () => {
  get.mockResolvedValue(published);
  const kinds = await fresh();
  expect(await kinds('Write to ana.desk@centre.example or call 0040 21 0000001')).toEqual([]);
  expect(await kinds('Write to jane.roe@centre.example or call +40 21 000 00 02')).toEqual(['email', 'phone']);
  expect(await kinds('ana.desk@centre.example has JMBG 0101901710008')).toEqual(['jmbg']);
});

it('asks once, when there is something to warn of, and sends nothing of what is written', async () => {
  get.mockResolvedValue(published);
  const kinds = await fresh();
  expect(await kinds('A number, 0101901710008, and nothing to ask about')).toEqual(['jmbg']);
  expect(get).not.toHaveBeenCalled();
  await kinds('jane.roe@centre.example');
  await kinds('jane.roe@centre.example, once more');
  expect(get.mock.calls).toEqual([['/api/directory/addresses']]);
});

it('asks for nobody who isn’t confirmed: they may not use the directory', async () => {
  isConfirmed.mockReturnValue(false);
  const kinds = await fresh();
  expect(await kinds('ana.desk@centre.example')).toEqual(['email']);
  expect(get).not.toHaveBeenCalled();
});

it('warns as before where the directory can’t be asked, and asks again', async () => {
  get.mockRejectedValueOnce(new Error('offline')).mockResolvedValue(published);
  const kinds = await fresh();
  expect(await kinds('ana.desk@centre.example')).toEqual(['email']);
  expect(await kinds('ana.desk@centre.example')).toEqual([]);
});
