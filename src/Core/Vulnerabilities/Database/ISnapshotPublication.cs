namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>Where snapshots are published for all instances. Asked in the background, never by a scan.</summary>
public interface ISnapshotPublication
{
    /// <summary>
    /// Brings the published snapshot onto this machine. Throws <see cref="AdvisoryDatabaseException"/> if that fails; one call at a time.
    /// </summary>
    /// <param name="openId">The id of the one that is open here, if any.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Its file, whole and checked; null if none is published or it is the one that is open.</returns>
    Task<string?> FetchAsync(string? openId, CancellationToken cancellationToken);

    /// <summary>Whether an operator has gone back to what is published, as of the last <see cref="FetchAsync"/>.</summary>
    bool IsPinned { get; }
}
