namespace ImageScan.Core.Storage;

/// <summary>
/// What Tables and queues take, enforced here since Azurite is looser in some and stricter in others
/// (https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model,
/// https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions).
/// </summary>
internal static class StorageLimits
{
    /// <summary>Bytes of a binary property.</summary>
    public const int PropertyBytes = 64 * 1024;

    /// <summary>Binary properties of that size in a row. The service takes 15 in its 1 MiB; Azurite 3.35.0 counts a row as JSON and takes 11.</summary>
    public const int ChunksPerRow = 11;

    public const int RowBytes = ChunksPerRow * PropertyBytes;

    /// <summary>Rows of a transaction, all of one partition.</summary>
    public const int RowsPerTransaction = 100;

    /// <summary>Raw bytes of a transaction: its body is at most 4 MiB and carries them as base64; Azurite takes 2.98 MiB.</summary>
    public const int TransactionBytes = 3_000_000;

    /// <summary>Characters of a partition or row key: the service takes 1 KiB, Azurite counts 512 characters.</summary>
    public const int KeyCharacters = 512;

    /// <summary>Bytes of a queue message before base64, which makes 64 KiB of them.</summary>
    public const int MessageBytes = 48 * 1024;

    /// <summary>Names that are kept of one image, our own bound: a build that tags one digest ever anew leaves thousands.</summary>
    public const int NamesPerImage = 500;

    /// <summary>Bytes of one content after compression, our own bound: 5 MB of JSON take less than a hundredth of it.</summary>
    public const int ContentBytes = 64 * 1024 * 1024;

    /// <summary>Tries to change a row that other writers change at the same time, our own bound.</summary>
    public const int Attempts = 30;
}
