namespace Ipdr.Cli.Output.Documents;

/// <summary>What <c>ipdr car unpack --json</c> prints; bytes are those of all files. Members are only ever added.</summary>
internal sealed record UnpackDocument(string Root, string Output, int Entries, long Bytes);
