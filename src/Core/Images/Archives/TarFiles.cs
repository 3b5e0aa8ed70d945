using System.IO.Compression;

namespace ImageScan.Core.Images.Archives;

/// <summary>
/// The files of a tar on disk, found by one walk over its headers. A gzip-compressed one works too, but every file is then reached by
/// unpacking what stands before it: nothing is written to disk for it.
/// </summary>
internal sealed class TarFiles : IArchiveFiles
{
    private readonly string _archive;
    private readonly bool _compressed;
    private readonly ImageLimits _limits;
    private readonly Dictionary<string, TarMember> _members;

    private TarFiles(string archive, bool compressed, ImageLimits limits, Dictionary<string, TarMember> members)
    {
        _archive = archive;
        _compressed = compressed;
        _limits = limits;
        _members = members;
    }

    /// <summary>
    /// Walks over the archive. Throws <see cref="RegistryException"/> if it is no tar, breaks a limit, or cannot be opened.
    /// </summary>
    public static async Task<TarFiles> ReadAsync(string archive, ImageLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            bool compressed = IsGzip(archive);
            await using Stream tar = OpenTar(archive, compressed);
            Dictionary<string, TarMember> members = await new TarHeaders(tar, archive, limits).ReadAsync(cancellationToken);
            return new TarFiles(archive, compressed, limits, members);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new RegistryException($"{archive} cannot be read: {e.Message}", e);
        }
    }

    public bool Has(string path) => Follow(path) is not null;

    public (Stream Content, long Size)? Open(string path)
    {
        if (Follow(path) is not { } member)
        {
            return null;
        }

        Stream tar = OpenTar(_archive, _compressed);
        try
        {
            TarHeaders.Skip(tar, member.Offset);
            return (new BoundedStream(tar, member.Size), member.Size);
        }
        catch
        {
            tar.Dispose();
            throw;
        }
    }

    /// <summary>The path as tar headers and links mean it, below the root; null if it climbs out.</summary>
    public static string? Normalize(string path)
    {
        var parts = new List<string>();
        foreach (string part in path.Split('/'))
        {
            if (part == "..")
            {
                if (parts.Count == 0)
                {
                    return null;
                }

                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    // `docker save` before 1.10 and skopeo write layer.tar as a symbolic link where two images share a layer.
    private TarMember? Follow(string path)
    {
        string? next = Normalize(path);
        for (int links = 0; links <= _limits.ArchiveLinks && next is not null && _members.TryGetValue(next, out TarMember? member); links++)
        {
            if (member.Kind == TarMemberKind.File)
            {
                return member;
            }

            next = member.Kind == TarMemberKind.HardLink ? Normalize(member.LinkTarget)
                : member.LinkTarget.StartsWith('/') ? null
                : Normalize($"{Path.GetDirectoryName(next)}/{member.LinkTarget}");
        }

        return null;
    }

    private static bool IsGzip(string archive)
    {
        using FileStream file = File.OpenRead(archive);
        return file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
    }

    private static Stream OpenTar(string archive, bool compressed)
    {
        var file = new FileStream(archive, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 4096);
        return compressed ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}
