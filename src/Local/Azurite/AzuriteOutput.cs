using System.Text.RegularExpressions;

namespace ImageScan.Local.Azurite;

/// <summary>What Azurite prints: where its services listen, and its last lines for when it fails. Read to the end, or it would block.</summary>
internal sealed partial class AzuriteOutput
{
    private const int KeptLines = 6;

    // The account and key that every Azurite has: https://github.com/Azure/Azurite#default-storage-account. Not a secret.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _addresses = [];
    private readonly Queue<string> _lines = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when all three services listen.</summary>
    public Task Ready => _ready.Task;

    public string ConnectionString
    {
        get
        {
            lock (_lock)
            {
                IEnumerable<string> endpoints = _addresses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}Endpoint={pair.Value}/{Account};");
                return $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};{string.Concat(endpoints)}";
            }
        }
    }

    public string LastLines
    {
        get
        {
            lock (_lock)
            {
                return string.Join(" | ", _lines);
            }
        }
    }

    public async Task ReadAsync(TextReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            Take(line);
        }
    }

    private void Take(string line)
    {
        lock (_lock)
        {
            _lines.Enqueue(line);
            if (_lines.Count > KeptLines)
            {
                _lines.Dequeue();
            }

            if (Listening().Match(line) is { Success: true } match)
            {
                _addresses[match.Groups[1].Value] = match.Groups[2].Value;
                if (_addresses.Count == 3)
                {
                    _ready.TrySetResult();
                }
            }
        }
    }

    [GeneratedRegex("^Azurite (Blob|Queue|Table) service is successfully listening at (http://127\\.0\\.0\\.1:[0-9]+)$")]
    private static partial Regex Listening();
}
