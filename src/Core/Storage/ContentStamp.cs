using Azure.Data.Tables;

namespace ImageScan.Core.Storage;

/// <summary>What a commit row says of the content it makes visible; bytes that do not fit it are torn.</summary>
/// <param name="Generation">Names the rows: when they were written, and a random part so that two writers never mix.</param>
/// <param name="Chunks">How many binary properties of at most 64 KiB hold it.</param>
/// <param name="Length">Its bytes, as stored.</param>
/// <param name="Sha256">Lower-case hex of those bytes.</param>
internal sealed record ContentStamp(string Generation, int Chunks, long Length, string Sha256)
{
    /// <summary>Writes the stamp into a commit row.</summary>
    public void WriteTo(TableEntity row)
    {
        row[nameof(Generation)] = Generation;
        row[nameof(Chunks)] = Chunks;
        row[nameof(Length)] = Length;
        row[nameof(Sha256)] = Sha256;
    }

    /// <summary>Reads it back; null if the row has none.</summary>
    public static ContentStamp? From(TableEntity row) =>
        row.GetString(nameof(Generation)) is { } generation && row.GetInt32(nameof(Chunks)) is { } chunks
            && row.GetInt64(nameof(Length)) is { } length && row.GetString(nameof(Sha256)) is { } sha256
            ? new ContentStamp(generation, chunks, length, sha256)
            : null;
}
