/** The channels between the shell and the page; apart, because the preload may carry nothing else of the shell. */
export const HANDOVER_CHANNEL = "workbench:host";
/** The page asks for a folder from the platform's own dialog. */
export const PICK_FOLDER_CHANNEL = "workbench:pick-folder";
/** The page asks for the next link that was followed; answered when there is one. */
export const NEXT_LINK_CHANNEL = "workbench:next-link";
