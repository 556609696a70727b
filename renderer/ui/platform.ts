/** Whether shortcuts are written and pressed as on a Mac. */
export const isMac = /^mac/i.test(navigator.platform);
