using ImageScan.Core.Images;
using ImageScan.Core.Results;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary>What a handler says about the change it makes, for the audit trail: which names, which states; never a secret.</summary>
public sealed class AuditNotes
{
    private const int MaxNotes = 10;
    private const int MaxCharacters = 300;

    private readonly List<string> _notes = [];

    public IReadOnlyList<string> All => _notes;

    /// <summary>Notes which exception has become what.</summary>
    public static void Add(HttpContext context, VulnerabilityException exception)
    {
        string state = exception.IsExpired ? "over" : $"{exception.Status}";
        Add(context, $"{exception.Name} ({exception.Id}) is {state}: {exception.Target} {string.Join(", ", exception.Cves)}");
    }

    /// <summary>Adds a note to the change that this request makes; nothing if it makes none. What is too much is left out.</summary>
    public static void Add(HttpContext context, string note)
    {
        if (context.Features.Get<AuditNotes>() is { _notes.Count: < MaxNotes } notes)
        {
            notes._notes.Add(HostileText.Plain(note, MaxCharacters));
        }
    }
}
