/** What somebody typed and did not save, kept in this tab until it is saved or thrown away; it outlasts a reload. */
export const drafts = {
  edit: (id: string, variant: string, planHash: string) => draft(`lumos.edit.${planHash} ${variant} ${id}`),
  note: (id: string, variant: string) => draft(`lumos.note.${variant} ${id}`),
  /** The annotation whose editor or dialog is open. */
  open: () => draft("lumos.open"),
};

export interface Draft {
  read(): string | null;
  /** False where the browser has no room left for it. */
  write(text: string): boolean;
  drop(): void;
}

function draft(key: string): Draft {
  return {
    read: () => sessionStorage.getItem(key),
    write(text) {
      try {
        sessionStorage.setItem(key, text);
        return true;
      } catch (error) {
        if (error instanceof DOMException) return false;
        throw error;
      }
    },
    drop: () => sessionStorage.removeItem(key),
  };
}
