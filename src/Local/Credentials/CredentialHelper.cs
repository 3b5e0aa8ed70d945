using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Local.Credentials;

/// <summary>
/// Asks a credential helper, a program called <c>docker-credential-SUFFIX</c>
/// (https://github.com/docker/docker-credential-helpers#development). It is started without a shell and only from the search path.
/// </summary>
/// <param name="searchPath">Folders to look in, separated as in <c>PATH</c>.</param>
/// <param name="timeout">How long one answer may take: helpers may ask the user to unlock a key ring.</param>
public sealed class CredentialHelper(string searchPath, TimeSpan timeout)
{
    private const int MaxAnswerBytes = 64 * 1024;

    /// <summary>Whether the suffix can be part of a program's name: <c>[a-z0-9-]+</c>. Anything else could name another program.</summary>
    public static bool IsSuffix(string suffix) =>
        suffix.Length is > 0 and <= 64 && suffix.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>
    /// The credential for the server; null if the helper has none. Throws <see cref="CredentialHelperException"/> if the helper is missing,
    /// fails, takes too long or answers with something else.
    /// </summary>
    public async Task<RegistryCredential?> GetAsync(string suffix, string server, CancellationToken cancellationToken)
    {
        if (!IsSuffix(suffix))
        {
            throw new CredentialHelperException("A credential helper's name may hold only a-z, 0-9 and '-'.");
        }

        string name = $"docker-credential-{suffix}";
        string program = Find(name) ?? throw new CredentialHelperException($"{name} is not on the PATH.");
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        either.CancelAfter(timeout);
        try
        {
            (int exitCode, byte[] answer) = await RunAsync(program, server, either.Token);
            return Read(name, exitCode, answer);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CredentialHelperException($"{name} did not answer within {timeout.TotalSeconds:0} seconds.");
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new CredentialHelperException($"{name} cannot be run: {e.Message}");
        }
    }

    // Process.Start would look into the current folder first, where anybody's repository may have put such a program.
    private string? Find(string name) => searchPath
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Where(Path.IsPathFullyQualified)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? $"{name}.exe" : name))
        .FirstOrDefault(File.Exists);

    private static async Task<(int ExitCode, byte[] Answer)> RunAsync(string program, string server, CancellationToken cancellationToken)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, "get")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            // What it says on stderr is nobody's business here, but an unread pipe would block it.
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            await AskAsync(process, server, cancellationToken);
            byte[] buffer = new byte[MaxAnswerBytes];
            int read = await process.StandardOutput.BaseStream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            if (read == buffer.Length)
            {
                throw new CredentialHelperException($"{Path.GetFileName(program)} answers with more than {MaxAnswerBytes} bytes.");
            }

            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, buffer[..read]);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task AskAsync(Process process, string server, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(server.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading the question; its exit code says the rest.
        }
    }

    private static RegistryCredential? Read(string name, int exitCode, byte[] answer)
    {
        if (exitCode != 0)
        {
            // The one failure that is an answer (docker-credential-helpers, credentials/error.go).
            return Encoding.UTF8.GetString(answer).Contains("credentials not found", StringComparison.Ordinal)
                ? null
                : throw new CredentialHelperException($"{name} ended with exit code {exitCode}.");
        }

        try
        {
            using var document = JsonDocument.Parse(answer);
            string username = document.RootElement.GetProperty("Username").GetString() ?? "";
            string secret = document.RootElement.GetProperty("Secret").GetString() ?? "";

            // "<token>" in place of a name says that the secret is an identity token.
            return secret.Length == 0 ? null
                : username == "<token>" ? new RegistryCredential("", "", secret)
                : new RegistryCredential(username, secret);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new CredentialHelperException($"{name} answers with no credential in JSON.");
        }
    }
}

/// <summary>A credential helper could not be asked. The message holds nothing that it said.</summary>
public sealed class CredentialHelperException(string message) : Exception(message);
