using System.CommandLine;
using System.CommandLine.Parsing;
using Ipdr.Oci.Faults;

namespace Ipdr.Cli.Usage;

/// <summary>What is wrong with a command line, in sentences that name what was written and what was perhaps meant.</summary>
internal static class UsageErrors
{
    private const string ProgramName = "ipdr";

    /// <summary>All that is wrong with it; empty if nothing is.</summary>
    /// <param name="parsed">The command line as it was understood.</param>
    /// <param name="arguments">And as it was written.</param>
    public static IReadOnlyList<string> Of(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        string[] slips = [.. ArgumentEncoding.Wrong(arguments), .. JoinedValues.Wrong(arguments, [.. OptionsOf(parsed.CommandResult)])];
        if (slips.Length == 0)
            slips = [.. MisspeltOptions(parsed)];
        if (slips.Length == 0)
            slips = [.. EmptyWords(parsed.CommandResult)];
        // What else the parser found may only follow from these.
        return slips.Length > 0 ? slips : [.. parsed.Errors.Select(error => SentenceOf(error, parsed)).Distinct()];
    }

    /// <summary>The words that led to the command: <c>ipdr car ls</c>.</summary>
    public static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : ProgramName;

    // A file may have any name, so the parser takes an option that does not exist for an argument; people mean options.
    private static IEnumerable<string> MisspeltOptions(ParseResult parsed)
    {
        string[] known = [.. OptionsOf(parsed.CommandResult).Where(option => !option.Hidden).SelectMany(option => option.Aliases.Prepend(option.Name))];
        HashSet<Token> values = new(ValuesOfOptions(parsed.CommandResult), ReferenceEqualityComparer.Instance);
        foreach (Token token in parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash))
        {
            if (token.Type != TokenType.Argument || !LooksLikeOption(token.Value) || values.Contains(token))
                continue;
            string written = token.Value.Split('=', 2)[0];
            string nearest = written.StartsWith("--", StringComparison.Ordinal) ? Suggest(written, known) : "";
            string escape = parsed.CommandResult.Command.Arguments.Count > 0 && nearest.Length == 0 ? $"; a file of that name is written ./{token.Value}" : "";
            yield return $"there is no option {written}{nearest}{escape}";
        }
    }

    // A variable of a script that nobody set. Nothing here has an empty name.
    private static IEnumerable<string> EmptyWords(CommandResult result)
    {
        IEnumerable<string> above = result.Parent is CommandResult parent ? EmptyWords(parent) : [];
        return above.Concat(result.Children.Where(child => child is not CommandResult && child.Tokens.Any(token => token.Value.Length == 0))
            .Select(child => $"{(child is OptionResult option ? NameOf(option) : ((ArgumentResult)child).Argument.Name)} is empty"));
    }

    private static bool LooksLikeOption(string text) => text is ['-', not '-', ..] or ['-', '-', not '-', ..];

    // A word with two dashes that follows an option is hardly its value.
    private static IEnumerable<Token> ValuesOfOptions(CommandResult result) =>
        result.Children.OfType<OptionResult>().SelectMany(option => option.Tokens).Where(token => !token.Value.StartsWith("--", StringComparison.Ordinal))
            .Concat(result.Parent is CommandResult parent ? ValuesOfOptions(parent) : []);

    private static IEnumerable<Option> OptionsOf(CommandResult result) =>
        result.Command.Options.Concat(result.Parent is CommandResult parent ? OptionsOf(parent).Where(option => option.Recursive) : []);

    private static string SentenceOf(ParseError error, ParseResult parsed) => error.SymbolResult switch
    {
        OptionResult { Implicit: true, Option: { Required: true } option } => $"{option.Name} {option.HelpName} is missing",
        OptionResult { Tokens.Count: 0 } option => $"{NameOf(option)} needs a value{(option.Option.HelpName is { } name ? $": {name}" : "")}",
        OptionResult option when option.Tokens.Count > option.Option.Arity.MaximumNumberOfValues => $"{NameOf(option)} takes one value, not {option.Tokens.Count}",
        OptionResult option => $"{NameOf(option)}: {error.Message}",
        ArgumentResult { Parent: OptionResult option } => $"{NameOf(option)}: {error.Message}",
        ArgumentResult { Tokens.Count: 0 } argument => $"{argument.Argument.Name} is missing",
        CommandResult command => SentenceOf(error, command, parsed.UnmatchedTokens),
        _ => error.Message,
    };

    private static string SentenceOf(ParseError error, CommandResult result, IReadOnlyList<string> unmatched)
    {
        IEnumerable<string> commands = result.Command.Subcommands.Where(command => !command.Hidden).Select(command => command.Name);
        if (result.Command.Subcommands.Count > 0)
        {
            return unmatched.Count == 0
                ? $"a command is missing: {string.Join(", ", commands)}"
                : $"there is no command {unmatched[0]}{Suggest(unmatched[0], commands)}";
        }
        if (unmatched.Count > 0)
            return $"\"{unmatched[0]}\" is too much: there is {ArgumentsOf(result.Command)}";
        return result.Command.Arguments.FirstOrDefault(argument => result.GetResult(argument) is not { Tokens.Count: > 0 }) is { } missing
            ? $"{missing.Name} is missing"
            : error.Message;
    }

    // Something that it is the beginning of is longer than any slip.
    private static string Suggest(string written, IEnumerable<string> known)
    {
        string[] words = [.. known], longer = [.. words.Where(word => word.StartsWith(written + "-", StringComparison.Ordinal))];
        return (longer is [string only] ? only : NearestWord.To(written, words)) is { } word ? $"; did you mean {word}?" : "";
    }

    private static string ArgumentsOf(Command command) => command.Arguments.Count == 0 ? "no argument" : $"only {string.Join(" and ", command.Arguments.Select(argument => argument.Name))}";

    private static string NameOf(OptionResult result) => result.IdentifierToken?.Value ?? result.Option.Name;
}
