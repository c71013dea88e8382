using Ipdr.Oci.Faults;

namespace Ipdr.Cli.Output.Documents;

/// <summary>A fault in a JSON result; the code is stable.</summary>
internal sealed record FaultDocument(string Code, string Where, string Message, string? Expected, string? Actual)
{
    public static FaultDocument Of(Fault fault) => new(fault.CodeText, fault.Where, fault.What, fault.Expected, fault.Actual);
}
