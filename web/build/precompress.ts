import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin, ResolvedConfig } from 'vite';

const COMPRESSIBLE = /\.(js|css|html|svg|json|txt|webmanifest)$/;

/** Every file of the build that is worth compressing, with its path on disk. */
function* filesBelow(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* filesBelow(path);
    else if (COMPRESSIBLE.test(name)) yield path;
  }
}

/** Writes `.br` and `.gz` beside each file, so that the server never compresses anything itself. */
export function precompress(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'egida:precompress',
    apply: 'build',
    configResolved(resolved) {
      config = resolved;
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      handler() {
        const dist = join(config.root, config.build.outDir);
        if (!existsSync(dist)) return;
        for (const path of filesBelow(dist)) {
          const content = readFileSync(path);
          const brotli = brotliCompressSync(content, {
            params: {
              [constants.BROTLI_PARAM_QUALITY]: 11,
              [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
            },
          });
          writeFileSync(`${path}.br`, brotli);
          writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
        }
      },
    },
  };
}

/** Modules that make up the first load of shell and chat besides what the entry imports by itself. */
const CHAT = [/features\/messages\/ChannelPage\.svelte$/, /messages\/en\.json\?first$/];

/**
 * Prints what a newcomer downloads before reading the first message (scripts, styles, one
 * catalogue; brotli), and fails the build when that is above the budget.
 */
export function firstLoad(options: { budget: number }): Plugin {
  return {
    name: 'egida:first-load',
    apply: 'build',
    generateBundle(_, bundle) {
      const wanted = new Set<string>();
      const follow = (name: string) => {
        const chunk = bundle[name];
        if (wanted.has(name) || chunk?.type !== 'chunk') return;
        wanted.add(name);
        chunk.imports.forEach(follow);
        chunk.viteMetadata?.importedCss.forEach((css) => wanted.add(css));
      };
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        const from = chunk.facadeModuleId ?? '';
        if (chunk.isEntry || CHAT.some((pattern) => pattern.test(from))) follow(chunk.fileName);
      }
      let brotli = 0;
      let gzip = 0;
      for (const name of wanted) {
        const file = bundle[name];
        if (!file) continue;
        const content = file.type === 'chunk' ? file.code : file.source;
        const bytes = Buffer.from(content);
        brotli += brotliCompressSync(bytes).length;
        gzip += gzipSync(bytes, { level: 9 }).length;
      }
      const kb = (bytes: number) => `${(bytes / 1024).toFixed(1)} kB`;
      console.log(`first load (shell + chat, ${wanted.size} files): ${kb(brotli)} brotli, ${kb(gzip)} gzip`);
      if (brotli > options.budget) this.error(`the first load is above ${kb(options.budget)}`);
    },
  };
}
