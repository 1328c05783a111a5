import { open, window } from './house.mjs';
