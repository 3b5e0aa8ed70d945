using System.Diagnostics;
using System.Globalization;

namespace ImageScan.Local.Azurite;

/// <summary>The folder in which one Azurite at a time keeps its data: two would overwrite each other's files.</summary>
internal static class DataFolder
{
    /// <summary>Takes the folder for this process. Throws <see cref="AzuriteException"/> if another one keeps it.</summary>
    public static async Task<FileLock> TakeAsync(string folder, TimeSpan patience, CancellationToken cancellationToken)
    {
        FileLock? held = await FileLock.TakeAsync(Path.Combine(folder, "azurite.lock"), patience, cancellationToken);
        if (held is not null && await PredecessorEndsAsync(folder, patience, cancellationToken))
        {
            return held;
        }

        held?.Dispose();
        throw new AzuriteException(
            $"Another process keeps its data in {folder}. End it, or set AzureWebJobsStorage to the connection string that it uses.");
    }

    private static async Task<bool> PredecessorEndsAsync(string folder, TimeSpan patience, CancellationToken cancellationToken)
    {
        // start.js writes its process id there and removes it when it ends.
        string file = Path.Combine(folder, "azurite.pid");
        long deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (NamesANode(file))
        {
            if (Environment.TickCount64 > deadline)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }

        return true;
    }

    // After a crash of the whole machine the id may belong to anyone.
    private static bool NamesANode(string file)
    {
        try
        {
            using var process = Process.GetProcessById(int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture));
            return process.ProcessName.StartsWith("node", StringComparison.Ordinal);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or OverflowException or InvalidOperationException or IOException)
        {
            return false;
        }
    }
}
