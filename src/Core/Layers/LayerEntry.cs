namespace ImageScan.Core.Layers;

/// <summary>One entry of a layer's archive, already normalized.</summary>
/// <param name="Path">
/// Path below the image's root, with <c>/</c>, without leading or trailing slash, <c>.</c> or <c>..</c>; never empty. For a whiteout the
/// path that it removes, for an opaque marker the folder whose lower content it hides ("" for the root).
/// </param>
/// <param name="Kind">What the entry is.</param>
/// <param name="Size">Bytes of content of a file; 0 for everything else.</param>
/// <param name="LinkTarget">
/// Symbolic link: the text as written. Hard link: a normalized path below the root. Null for everything else.
/// </param>
/// <param name="IsExecutable">Whether any execute bit of the mode is set.</param>
public sealed record LayerEntry(string Path, LayerEntryKind Kind, long Size = 0, string? LinkTarget = null, bool IsExecutable = false);

public enum LayerEntryKind
{
    File,
    Folder,
    SymbolicLink,

    /// <summary>Another name of a file that came earlier in the same layer (or is in a lower one).</summary>
    HardLink,

    /// <summary><c>.wh.NAME</c>: removes a path of lower layers.</summary>
    Whiteout,

    /// <summary><c>.wh..wh..opq</c>: hides what lower layers have in this folder, wherever the marker stands in this layer.</summary>
    OpaqueFolder,

    /// <summary>Devices, pipes: nothing to read, but they stand in the place of what was there.</summary>
    Other,
}
