namespace Ipdr.Oci.Distribution;

/// <summary>Why a registry refuses (distribution-spec, "Error codes").</summary>
internal sealed record ErrorAnswer(IReadOnlyList<ErrorAnswerEntry>? Errors = null);
