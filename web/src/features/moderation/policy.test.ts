import { expect, test } from 'vitest';
import { stored } from './policy';

test('words are taken however they are separated', () => {
  const policy = { holdAll: true, newcomerPosts: '3', slowSeconds: '60', words: 'passport*\n safe house ,shelter;\n\n' };
  expect(stored(policy)).toEqual({
    hold_all: true,
    newcomer_posts: 3,
    slow_seconds: 60,
    trigger_words: ['passport*', 'safe house', 'shelter'],
  });
});
