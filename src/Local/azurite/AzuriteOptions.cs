namespace ImageScan.Local.Azurite;

/// <summary>Where Azurite is installed and keeps its data, and who hears about it.</summary>
public sealed record AzuriteOptions
{
    /// <summary>
    /// Holds <c>azurite/</c>, the installation. By default <c>.local</c> beside ImageScanFunctions.sln, looked for from
    /// the current folder upwards, then from the program's own; outside of a clone <c>.local</c> in the current folder.
    /// </summary>
    public string Folder { get; init; } = DefaultFolder();

    /// <summary>Where the data is kept; by default <c>data</c> in <see cref="Folder"/>.</summary>
    public string DataFolder { get => field ?? Path.Combine(Folder, "data"); init; }

    /// <summary>How long to wait for another that uses the data: one whose parent was killed still writes its rows for a moment.</summary>
    public TimeSpan DataPatience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Keeps the data in memory only: nothing is left behind, and any number can run side by side.</summary>
    public bool InMemory { get; init; }

    /// <summary>Search path for <c>node</c> and <c>npm</c>, in the form of the PATH variable.</summary>
    public string SearchPath { get; init; } = Environment.GetEnvironmentVariable("PATH") ?? "";

    /// <summary>Takes the one line that says that Azurite is being installed.</summary>
    public TextWriter Messages { get; init; } = Console.Error;

    private static string DefaultFolder()
    {
        string current = Directory.GetCurrentDirectory();
        return Path.Combine(CloneAround(current) ?? CloneAround(AppContext.BaseDirectory) ?? current, ".local");
    }

    private static string? CloneAround(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ImageScanFunctions.sln")))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
