/** The version of Holdfast that this page was built from; vite.config.ts puts it in. */
declare const HOLDFAST_VERSION: string;

export const VERSION = HOLDFAST_VERSION;
