import { recordEtcd } from './index.js';

await recordEtcd();
