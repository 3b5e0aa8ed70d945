using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary>Answers every operation of the API, in both heads.</summary>
public sealed class ApiDispatch
{
    private readonly ApiGate _gate;
    private readonly FrozenDictionary<Operation, ApiHandler> _handlers;

    /// <summary>Throws <see cref="InvalidOperationException"/> if an operation has no handler, so that the app does not start without it.</summary>
    public ApiDispatch(ApiGate gate, IEnumerable<IApiHandlers> areas)
    {
        _gate = gate;
        _handlers = areas.SelectMany(area => area.Handlers).ToFrozenDictionary();
        if (Operations.All.FirstOrDefault(operation => !_handlers.ContainsKey(operation)) is { } missing)
        {
            throw new InvalidOperationException($"No class answers {missing.Name}.");
        }
    }

    /// <summary>Writes the whole response, errors included.</summary>
    public Task HandleAsync(Operation operation, HttpContext context) => _gate.HandleAsync(context, operation, _handlers[operation]);
}
