using System.Collections;
using ImageScan.Local.Azurite;

namespace ImageScan.Local.Hosting;

/// <summary>The storage account of a local run: the one that <c>AzureWebJobsStorage</c> names, else an Azurite started for it.</summary>
internal sealed class LocalStorage : IAsyncDisposable
{
    private const string Setting = "AzureWebJobsStorage";

    private readonly AzuriteProcess? _azurite;

    private LocalStorage(AzuriteProcess? azurite) => _azurite = azurite;

    /// <summary>The connection string of the Azurite that was started; null if the settings name an account.</summary>
    public string? ConnectionString => _azurite?.ConnectionString;

    public string Description => _azurite is null ? $"the account of {Setting}" : "Azurite, started here, data in .local/data";

    /// <summary>Throws <see cref="AzuriteException"/>, saying what to install or to set.</summary>
    public static async Task<LocalStorage> OpenAsync(CancellationToken cancellationToken)
    {
        // An empty setting is none, as everywhere.
        bool isConfigured = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Any(variable => ((string)variable.Key).StartsWith(Setting, StringComparison.OrdinalIgnoreCase) && variable.Value is string { Length: > 0 });
        return new LocalStorage(isConfigured ? null : await AzuriteProcess.StartAsync(new AzuriteOptions(), cancellationToken));
    }

    public ValueTask DisposeAsync() => _azurite?.DisposeAsync() ?? ValueTask.CompletedTask;
}
