using System.Text;

namespace ImageScan.Core.Images.Registries.Logins;

/// <summary>What clouds put around a process for it to prove who it is.</summary>
/// <param name="Variable">An environment variable; null if there is none.</param>
/// <param name="ReadFileAsync">A small file. Throws <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/>.</param>
/// <param name="AzureTokenAsync">A token of an identity of Azure.</param>
internal sealed record CloudSurroundings(
    Func<string, string?> Variable, Func<string, CancellationToken, Task<string>> ReadFileAsync, AzureTokenSource AzureTokenAsync)
{
    /// <summary>The longest file that is read. Tokens have some two thousand bytes, credential configurations less.</summary>
    public const int MaxFileBytes = 64 * 1024;

    /// <summary>Those of this process.</summary>
    public static CloudSurroundings OfThisProcess() => new(Environment.GetEnvironmentVariable, ReadAsync, new AzureTokens().GetAsync);

    /// <summary>The variable; "" if there is none.</summary>
    public string Value(string name) => Variable(name) ?? "";

    /// <summary>The file that a variable names. Throws <see cref="RegistryException"/> (AccountUnusable), naming the variable.</summary>
    public async Task<string> FileAsync(string path, string named, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadFileAsync(path, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new RegistryException($"the file that {named} names cannot be read", e) { Failure = RegistryFailure.AccountUnusable };
        }
    }

    private static async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using FileStream file = File.OpenRead(path);
        byte[] bytes = new byte[MaxFileBytes + 1];
        int read = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return read <= MaxFileBytes ? Encoding.UTF8.GetString(bytes, 0, read) : throw new IOException($"It has more than {MaxFileBytes} bytes.");
    }
}
