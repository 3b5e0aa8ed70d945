using System.Text.Json.Serialization;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Vulnerabilities.Publication;

/// <summary>A snapshot that lies in storage for all instances.</summary>
/// <param name="Id"><see cref="AdvisoryOrigin.Id"/>: the sha256 of its content, 64 small hexadecimal digits.</param>
/// <param name="BuiltAt">When it was built.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Format">The version of its format; instances leave what they cannot read.</param>
public sealed record PublishedSnapshot(string Id, DateTimeOffset BuiltAt, long Size, uint Format)
{
    /// <summary>Longest snapshot that is published or fetched, in bytes: our own bound, a hundred times what all feeds make.</summary>
    public const long MaxSize = 2L << 30;

    /// <summary>Whether this version of the app reads it.</summary>
    [JsonIgnore]
    public bool IsReadable => Format == SnapshotFormat.Version;

    /// <summary>Opens a file, which checks all of it, and says what would be published. Throws <see cref="AdvisoryDatabaseException"/>.</summary>
    public static PublishedSnapshot Of(string path)
    {
        using AdvisoryDatabase database = AdvisoryDatabase.Open(path);
        return new PublishedSnapshot(database.Origin.Id, database.Origin.BuiltAt, database.Size, SnapshotFormat.Version);
    }

    /// <summary>Whether it can be one. It comes out of a blob, and its id becomes a name of blobs and files.</summary>
    internal bool IsSound => Id is { Length: 64 } && Id.All(char.IsAsciiHexDigitLower) && Size is > 0 and <= MaxSize;
}
