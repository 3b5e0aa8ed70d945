using ImageScan.Core.Vulnerabilities.Database;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageScan.Local.Commands;

/// <summary>The advisories that a command asks.</summary>
internal static class CommandAdvisories
{
    /// <summary>
    /// Opens a snapshot, asks it, and closes it. Throws <see cref="AdvisoryDatabaseException"/> if it cannot be opened.
    /// </summary>
    /// <param name="path">A file; null for what a scan here would use: that of the settings, what is published in their storage, or the starter set.</param>
    /// <param name="ask">What to ask; it gets null if there are no advisories.</param>
    /// <param name="cancellationToken">Ends the waiting for storage.</param>
    public static async Task<T> AskAsync<T>(string? path, Func<AdvisoryDatabase?, T> ask, CancellationToken cancellationToken)
    {
        if (path is not null)
        {
            using var file = new AdvisorySnapshots(new AdvisorySettings { Path = path }, NullLogger<AdvisorySnapshots>.Instance);
            return ask(file.Current());
        }

        await using ServiceProvider services = CommandServices.Create(Memory.IfConfigured);
        AdvisorySnapshots snapshots = services.GetRequiredService<AdvisorySnapshots>();
        await snapshots.ReadyAsync(cancellationToken);
        return ask(snapshots.Current());
    }

    /// <summary>What was opened; throws <see cref="CommandException"/> where there is nothing to be asked.</summary>
    public static AdvisoryDatabase Need(AdvisoryDatabase? database) =>
        database ?? throw new CommandException("There are no advisories: set Advisories__Path, or Advisories__UseStarterSet to true.");
}
