using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Publication;
using ImageScan.Local.Azurite;
using ImageScan.Local.Output;

namespace ImageScan.Local.Commands;

/// <summary>The commands of <c>imagescan</c>, and what they have in common.</summary>
internal static class CommandLine
{
    /// <summary>No vulnerability at or above the gate, or no gate.</summary>
    public const int Clean = 0;

    /// <summary>A vulnerability at or above the gate.</summary>
    public const int AtOrAboveGate = 1;

    /// <summary>The command did not do what it was asked.</summary>
    public const int Failed = 2;

    // How long a command may take to end when it is told to: callers of a server have half a minute, and Azurite writes what it has
    // acknowledged. The library's own patience is two seconds.
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(45);

    public static RootCommand Create()
    {
        var root = new RootCommand("Scans container images for known vulnerabilities. Without a command: starts everything and scans a made image.");
        root.SetAction(Guarded((_, cancellationToken) => DemoCommand.RunAsync(Afterwards.StayOnTerminal, cancellationToken)));
        root.Add(DemoCommand.Create());
        root.Add(ServeCommand.Create());
        root.Add(ScanCommand.Create());
        root.Add(InventoryCommand.Create());
        root.Add(MatchCommand.Create());
        root.Add(AdvisoriesCommand.Create());
        root.Add(BadgeLinkCommand.Create());
        root.Add(CompletionCommand.Create());
        return root;
    }

    /// <summary>
    /// Runs what the arguments say. Wrong ones are <see cref="Failed"/>, said on stderr: 1 is for images that do not pass, and stdout for
    /// results.
    /// </summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        ParseResult parsed = Create().Parse(arguments);
        // What a shell asks to be completed is rarely right by itself.
        if (parsed.Errors.Count == 0 || arguments is [var first, ..] && first.StartsWith("[suggest", StringComparison.Ordinal))
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = Ending });
        }

        foreach (ParseError error in parsed.Errors)
        {
            Terminal.Say($"Error: {error.Message}");
        }

        foreach ((string word, string meant) in Suggestion.Of(parsed))
        {
            Terminal.Say($"Did you mean {meant} by '{word}'?");
        }

        Terminal.Say("imagescan --help, or --help after a command, says what it takes.");
        return Failed;
    }

    /// <summary>Runs a command; what can go wrong outside of this program becomes one line on stderr and <see cref="Failed"/>.</summary>
    public static Func<ParseResult, CancellationToken, Task<int>> Guarded(Func<ParseResult, CancellationToken, Task<int>> command) =>
        async (arguments, cancellationToken) =>
        {
            try
            {
                return await command(arguments, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                Terminal.Say("Stopped.");
                return Failed;
            }
            catch (Exception failure) when (failure is RegistryException or ScanException or StorageException or AzuriteException
                or AdvisoryDatabaseException or FeedException or PublicationException or CommandException or HttpRequestException or IOException
                or UnauthorizedAccessException or FormatException or JsonException)
            {
                Terminal.Say($"Error: {failure.Message}");
                return Failed;
            }
            catch (OutOfMemoryException)
            {
                // Left to the library it would be 1, which says that the image does not pass.
                Terminal.Say("Error: There is not enough memory for this.");
                return Failed;
            }
        };
}

/// <summary>A command that cannot go on; the message says why and what to do.</summary>
internal sealed class CommandException(string message) : Exception(message);
