import { IconFileUpload } from "@tabler/icons-react";
import { type DragEvent, type ReactNode, useRef, useState } from "react";
import "./drop-zone.css";

export interface DropZoneProps {
  readonly label: string;
  /** Below the label: what is taken, or what was chosen. */
  readonly children?: ReactNode;
  readonly accept?: string;
  readonly multiple?: boolean;
  onFiles(files: readonly File[]): void;
}

/** Files are dropped here, or chosen by pressing it: one button, so that the keyboard reaches it too. */
export function DropZone({ label, children, accept, multiple = false, onFiles }: DropZoneProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const files = [...event.dataTransfer.files];
    if (files.length > 0) onFiles(multiple ? files : files.slice(0, 1));
  };
  return (
    <>
      <button
        type="button"
        className="drop-zone"
        data-over={isOver}
        onClick={() => input.current?.click()}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <IconFileUpload size={18} aria-hidden />
        <span className="drop-zone-words">
          <span>{label}</span>
          {children && <span className="dim">{children}</span>}
        </span>
      </button>
      <input
        ref={input}
        hidden
        type="file"
        accept={accept}
        multiple={multiple}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          // The same file chosen again is news: it may have changed.
          event.currentTarget.value = "";
          if (files.length > 0) onFiles(files);
        }}
      />
    </>
  );
}
