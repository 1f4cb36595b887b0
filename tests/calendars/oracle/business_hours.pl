# Business::Hours (Best Practical, the module of Request Tracker) answers questions about office hours.
#
# Standard input holds one JSON object a line: the hours by weekday (0 is Sunday) as Business::Hours takes them,
# holidays as YYYY-MM-DD, and questions, each ["add", start, seconds] or ["between", start, end] in seconds of the
# epoch. One JSON list of answers a line comes back. The zone is that of the environment (TZ).
use strict;
use warnings;
use Business::Hours;
use JSON::PP;

while ( my $line = <STDIN> ) {
    my $asked = decode_json($line);
    my $hours = Business::Hours->new;
    $hours->business_hours( %{ $asked->{hours} }, holidays => $asked->{holidays} );
    my @answers;
    for my $question ( @{ $asked->{questions} } ) {
        my ( $what, $start, $other ) = @$question;
        if ( $what eq 'add' ) {
            push @answers, $hours->add_seconds( $start, $other );
        }
        else {
            $hours->for_timespan( Start => $start, End => $other );
            push @answers, $hours->between( $start, $other );
        }
    }
    print encode_json( \@answers ), "\n";
}
