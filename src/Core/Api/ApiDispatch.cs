using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary>Answers every operation of the API, in both heads.</summary>
public sealed class ApiDispatch(ApiGate gate, IEnumerable<IApiHandlers> areas)
{
    private readonly FrozenDictionary<Operation, ApiHandler> _handlers = areas.SelectMany(area => area.Handlers).ToFrozenDictionary();

    /// <summary>Writes the whole response, errors included.</summary>
    public Task HandleAsync(Operation operation, HttpContext context) => gate.HandleAsync(
        context,
        operation,
        _handlers.TryGetValue(operation, out ApiHandler? handler)
            ? handler
            : (_, _) => throw new ApiException(GrpcCode.Unimplemented, $"{operation.Name} is not implemented"));
}
