/** The browser's storage, which may be full or switched off: then things just aren't remembered. */
export interface Store {
  get<T>(key: string): T | null;
  set(key: string, value: unknown): void;
  remove(key: string): void;
  keys(): string[];
}

export const localStore: Store = {
  get<T>(key: string): T | null {
    try {
      const text = localStorage.getItem(key);
      return text === null ? null : (JSON.parse(text) as T);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // Full or forbidden: the page works on without it.
    }
  },
  remove(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // As above.
    }
  },
  keys() {
    try {
      return Object.keys(localStorage);
    } catch {
      return [];
    }
  },
};

/** A store that lives in memory, for tests. */
export function memoryStore(): Store {
  const kept = new Map<string, string>();
  return {
    get: <T>(key: string) => {
      const text = kept.get(key);
      return text === undefined ? null : (JSON.parse(text) as T);
    },
    set: (key, value) => void kept.set(key, JSON.stringify(value)),
    remove: (key) => void kept.delete(key),
    keys: () => [...kept.keys()],
  };
}
