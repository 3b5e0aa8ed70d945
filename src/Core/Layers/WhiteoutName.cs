namespace ImageScan.Core.Layers;

/// <summary>
/// What names that begin with <c>.wh.</c> mean (https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts).
/// </summary>
internal static class WhiteoutName
{
    private const string Prefix = ".wh.";
    private const string AufsPrefix = ".wh..wh.";
    private const string OpaqueMarker = ".wh..wh..opq";

    /// <summary>
    /// What an entry at <paramref name="path"/> means, and in <paramref name="subject"/> the path it is about: for
    /// <see cref="WhiteoutMeaning.None"/> the same path.
    /// </summary>
    public static WhiteoutMeaning Read(string path, out string subject)
    {
        subject = path;
        int slash = path.LastIndexOf('/');
        ReadOnlySpan<char> name = path.AsSpan(slash + 1);
        if (name.SequenceEqual(OpaqueMarker))
        {
            subject = slash < 0 ? "" : path[..slash];
            return WhiteoutMeaning.HidesFolder;
        }

        // aufs kept its own files at the root under such names; Docker and containerd leave them out with all that is below.
        if (path.StartsWith(AufsPrefix, StringComparison.Ordinal) || name.StartsWith(AufsPrefix))
        {
            return WhiteoutMeaning.Ignored;
        }

        if (!name.StartsWith(Prefix))
        {
            return WhiteoutMeaning.None;
        }

        // Without a name, or with "." or "..", runtimes disagree about what is removed, and no builder writes that.
        ReadOnlySpan<char> removed = name[Prefix.Length..];
        if (removed is "" or "." or "..")
        {
            return WhiteoutMeaning.Unclear;
        }

        subject = string.Concat(path.AsSpan(0, slash + 1), removed);
        return WhiteoutMeaning.Removes;
    }

    /// <summary>The name of an entry that removes a path.</summary>
    public static string Removing(string path)
    {
        int name = path.LastIndexOf('/') + 1;
        return string.Concat(path.AsSpan(0, name), Prefix, path.AsSpan(name));
    }

    /// <summary>The name of an entry that hides what a folder has in lower layers.</summary>
    public static string Hiding(string folder) => folder.Length == 0 ? OpaqueMarker : $"{folder}/{OpaqueMarker}";
}

internal enum WhiteoutMeaning
{
    /// <summary>An ordinary entry.</summary>
    None,

    /// <summary>A path of lower layers is gone.</summary>
    Removes,

    /// <summary>All that lower layers have in a folder is gone.</summary>
    HidesFolder,

    /// <summary>Nothing, by convention.</summary>
    Ignored,

    /// <summary>Nothing that could be told.</summary>
    Unclear,
}
