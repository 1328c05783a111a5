import { describe, expect, it } from 'vitest';
import { matchPath } from './navigation.svelte';

describe('matchPath', () => {
  it('finds the named parts', () => {
    expect(matchPath('/c/:channel/t/:topic', '/c/1/t/2')).toEqual({ channel: '1', topic: '2' });
    expect(matchPath('/', '/')).toEqual({});
    expect(matchPath('/grid/:country/:theme', '/grid/RO/a%20b/')).toEqual({ country: 'RO', theme: 'a b' });
  });

  it('refuses what does not fit, and broken escapes', () => {
    expect(matchPath('/c/:channel', '/c/1/t/2')).toBeNull();
    expect(matchPath('/missed', '/search')).toBeNull();
    expect(matchPath('/m/:message', '/m/%zz')).toBeNull();
  });
});
