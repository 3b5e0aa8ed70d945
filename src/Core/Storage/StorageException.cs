namespace ImageScan.Core.Storage;

/// <summary>Storage is missing, unreachable, or refuses. The message says what was tried, what came back and which setting mends it.</summary>
public sealed class StorageException : Exception
{
    public StorageException(string message)
        : base(message)
    {
    }

    public StorageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>What to say after <see cref="StorageLimits.Attempts"/> tries that all found it changed by another writer.</summary>
    internal static StorageException Contended(string what) => new($"{what} changed under us {StorageLimits.Attempts} times; try again.");
}
