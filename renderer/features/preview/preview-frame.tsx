import { useEffect, useRef } from "react";
import type { PreviewFrame as Frame, PreviewState } from "../../state/preview/preview.ts";
import type { Scheme } from "../../state/preview/theme-tokens.ts";

export interface PreviewFrameProps {
  readonly state: PreviewState;
  readonly frame: Frame;
  readonly title: string;
  /** Also what the page is told that the reader prefers, so that native controls in it follow. */
  readonly scheme: Scheme;
  /** CSS pixels; absent: all the room there is. */
  readonly width: number | undefined;
  readonly height: number | undefined;
}

/** The sandboxed frame. All that comes out of it goes to the bridge, which decides. */
export function PreviewFrame({ state, frame, title, scheme, width, height }: PreviewFrameProps) {
  const element = useRef<HTMLIFrameElement>(null);

  useEffect(() => {
    const listen = (event: MessageEvent<unknown>): void => {
      // What the page's own libraries send themselves is nobody's message.
      if (event.source === window) return;
      const isFrame = event.source !== null && event.source === element.current?.contentWindow;
      state.receive({ isFrame, origin: event.origin, data: event.data });
    };
    const refuse = (event: SecurityPolicyViolationEvent): void => {
      if (event.effectiveDirective === "frame-src") state.blocked(event.blockedURI);
    };
    state.attach({
      post: (message, targetOrigin) => element.current?.contentWindow?.postMessage(message, targetOrigin),
    });
    window.addEventListener("message", listen);
    document.addEventListener("securitypolicyviolation", refuse);
    return () => {
      window.removeEventListener("message", listen);
      document.removeEventListener("securitypolicyviolation", refuse);
      state.attach(undefined);
    };
  }, [state]);

  return (
    <iframe
      ref={element}
      className="preview-frame"
      title={title}
      src={frame.url}
      sandbox={frame.sandbox}
      referrerPolicy="no-referrer"
      allow=""
      style={{ colorScheme: scheme, width: width ?? "100%", height: height ?? "100%" }}
      onLoad={() => state.frameLoaded()}
    />
  );
}
