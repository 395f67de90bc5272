/** Words that people take when they have to make up a password, in lower case. */
const WORDS = `
  password passw0rd p@ssword p@ssw0rd pa$$word pa$$w0rd passwort motdepasse contrasena wachtwoord letmein welcome
  willkommen bienvenue iloveyou trustno1 changeme admin administrator superman batman spiderman monkey dragon football
  baseball basketball liverpool chelsea arsenal barcelona realmadrid juventus starwars pokemon minecraft facebook
  google amazon linkedin instagram computer internet samsung microsoft windows princess sunshine flower butterfly
  summer winter autumn spring december november october september february january hello helloworld secret default
  master access login security manager server database michael michelle jennifer jessica jordan charlie thomas daniel
  andrew elizabeth christopher alexander stephanie victoria london germany america australia canada paris newyork
  california chocolate cheese cookie banana orange killer shadow mustang corvette mercedes ferrari harley freedom
  whatever nothing something blogger wordpress starpunk indieweb micropub raspberry ubuntu debian linux docker
  postgres oracle mysql development production testing qwerty
`;

/** What they put behind one to satisfy a rule. */
const ENDINGS = `
  1 12 123 1234 12345 123456 1234567 12345678 123456789 1234567890 ! !! 1! 123! 1234! @123 @1234 @12345 #123 !@# !@#$
  321 01 007 2000 2010 2012 2015 2018 2019 2020 2021 2022 2023 2024 2025 2026 2024! 2025! 2026!
`;

/**
 * Passwords of 12 characters and more that stand in public lists of stolen ones, first those of the zxcvbn-ts project
 * (MIT licence), then keyboard walks, runs of digits and phrases. Shorter ones are refused by their length.
 */
const STOLEN = String.raw`
  123qweasdzxc 1qaz2wsx3edc q1w2e3r4t5y6 1q2w3e4r5t6y mailcreated5240 qazwsxedcrfv 123456qwerty polniypizdec0211
  sojdlg123aljg leavemealone 123456654321 gfhjkmgfhjkm qazwsxedc123 ghjcnjgfhjkm zxcasdqwe123 sonyericsson
  ghhh47hj7649 123456789qwe 1qazxsw23edc qwerasdfzxcv qweasdzxc123 flvbybcnhfnjh 123456789987654321 112233445566
  ghbdtnrfrltkf websolutions finalfantasy 1qaz2wsx3edc4rfv chickenwing101 unbelievable administrator 123321123321
  justinbieber contortionist 123qwe123qwe newproject2004 needforspeed businessbabe 123456789123 maurolarastefy
  supernatural professional domainlock2005 scandinavian dkflbvbhjdbx hd764nw5d7e1vb1 qazwsxedcrfvtgb 123456789012
  dkflbvbhjdyf counterstrike zaq1xsw2cde3 vfvfvskfhfve 123456789abc fkmnthyfnbdf intelligence ghjcnjghjcnj
  admin18533362 23176djivanfros 123456789qwerty qazxswedcvfr qwertyasdfgh whosyourdaddy 1111111111zz fktrcfylhjdbx
  fktrcfylhjdyf 541233432442 123456789qaz ghbdtnghbdtn 12345678900987654321 chesterfield 010203040506 lost4815162342
  102030405060 vanyarespekt 89231243658s iseedeadpeople transformers devilmaycry4 combat123654 qwertyytrewq
  jamesbond007 123123qweqwe 4815162342lost 123456789qqq asdfghjkl123 1234qwerasdf 123qwe456rty 1234567890qw
  ghjcnjrdfibyj qwertyuiop123 international saun24865709 q1w2e3r4t5y6u7 ptybnxtvgbjy polniypizdec110211 1qa2ws3ed4rf
  123456789zxc 12345678987654321 playstation3 31217221027711 159753159753 mevefalkcakk 1234567890qwe hedimaptfcor
  cosmopolitan q1w2e3r4t5y6u7i8 zqjphsyf6ctifgu lhbjkjubz2957704 123456782000 andrewjackie 1qazxsw23edcvfr4
  12qw34er56ty 159753456852 networkingpe philadelphia peanutbutter boy4u2ownnyc ingodwetrust digitalprodu installdevic
  an83546921an13 qawsedrftgyh abc123456789 123321qweewq auckland2010 residentevil olcrackmaster 1234567890zzz
  32615948worms 012345678910 avrillavigne massimiliano nhfdvfnjkju123 742617000027 41d8cd98f00b nemvxyheqdd5oqxyxyzi
  temppassword p030710p$e4o punksnotdead fynfyfyfhbde nightcrawler playstation2 gjkysqgbpltw ticketmaster 01telemike01
  stratocaster ghjcnjqgfhjkm installsqlst 123456789101 1234567890qaz frederiksberg 1a2s3d4f5g6h passwordpassword
  schoolgirlie sanfrancisco 89876065093rax 1234567qwertyu lytghjgtnhjdcr 111222333000 nhecsyfujkjdt zaqwsxcderfv
  seemnemaailm qwaszxerdfcv antananarivu greenlantern qazwsxqazwsx vfrcbvvfrcbv 1234qwerasdfzxcv iloveboobies
  ghjcnjgbpltw 123321456654 1234567890987654321 1234567890qwerty q1w2e3r4t5y6u7i8o9p0 morganstanley 59382113kevinp
  qwe123qwe123 gtnhjpfdjlcr zxcvbn123456 bltynbabrfwbz warhammer40k passwordstandard maprchem56458 construction
  bpgjldsgjldthnf iampurehaha2 qazxswedc123 qwertyuiop10 stinkyfinger cjdthitycndj corperfmonsy weihnachtsbau
  1234567892000 1234567887654321 stickdaddy77 123456789000 014702580369 asdfgh123456 necronomicon mortalkombat
  123qwerty123 systemofadown qaz123wsx456 nastyanastya zxcvbnm123456789 satisfaction cheeseburger a1s2d3f4g5h6
  minnesota_hp 122333444455555 vladimirovna 111222333444555 ilovemyfamily michaeljackson vfhbyfvfhbyf qwertyuiop12345
  1qa2ws3ed4rf5tg websolutionssu amadeusptfcor specialinsta 123456789asd nhfycajhvths rfnthbyf1988 paraklast1974
  webuivalidat msorcloledbr nondriversig 123456789qwer wazzkaprivet weihnachtsbaum fktrcfylhjdf z1x2c3v4b5n6m7
  ghjnbdjcnjzybt qwertyuiop12 sonnenschein anytimetoday ntktdbpjh1994 nick1234-rem936 thecakeisalie ontheoutside
  zcfvfzkexifz xxxp455w0rd5 qwertasdfgzxcvb ghjatccbjyfk aksjdlasdakj89879 23wkoa0fp78dk marinamarina fatima753357
  6215mila6215 zaq12wsxcde3 love777321777 123456789aaa 4815162342lf pfqwtd27121988 cnfc35762209 12345677654321
  zxcvbnmmnbvcxz civilization findaupair007 alpha135792468 ghtdtlvtldtl edwardcullen gfhfktkjuhfv qazwsx123456
  lytdybrbdfvgbhf asd123asd123 passwordassword ronaldinho10 ipo54tj45uy856 89semtsriuty foreveryoung sdicmt7seytn
  blacksonblon 420842084208555 ktjynsq40147 1a2a3a4a5a6a bullnuts2003 050605rostik 19960610ilja 123456zxcvbn
  z1x2c3v4b5n6 entertainment 89063032220m badiman28200 123ewqasdcxz nhbujyjvtnhbz polniypizdec1102 ne_e_pod_chehyl
  hd764nw5d7e1vbv josephphone7 gthtrfnbgjkt configuratio msoracle32re bhrh0h2oof6xbqjeh 193570356033 000000000000
  0000000000000 00000000000000 000000000000000 0000000000000000 000000000000000000 00000000000000000000 111111111111
  1111111111111 11111111111111 111111111111111 1111111111111111 111111111111111111 11111111111111111111 222222222222
  2222222222222 22222222222222 222222222222222 2222222222222222 222222222222222222 22222222222222222222 333333333333
  3333333333333 33333333333333 333333333333333 3333333333333333 333333333333333333 33333333333333333333 444444444444
  4444444444444 44444444444444 444444444444444 4444444444444444 444444444444444444 44444444444444444444 555555555555
  5555555555555 55555555555555 555555555555555 5555555555555555 555555555555555555 55555555555555555555 666666666666
  6666666666666 66666666666666 666666666666666 6666666666666666 666666666666666666 66666666666666666666 777777777777
  7777777777777 77777777777777 777777777777777 7777777777777777 777777777777777777 77777777777777777777 888888888888
  8888888888888 88888888888888 888888888888888 8888888888888888 888888888888888888 88888888888888888888 999999999999
  9999999999999 99999999999999 999999999999999 9999999999999999 999999999999999999 99999999999999999999 aaaaaaaaaaaa
  aaaaaaaaaaaaa aaaaaaaaaaaaaa aaaaaaaaaaaaaaa aaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbb
  bbbbbbbbbbbbb bbbbbbbbbbbbbb bbbbbbbbbbbbbbb bbbbbbbbbbbbbbbb bbbbbbbbbbbbbbbbbb bbbbbbbbbbbbbbbbbbbb cccccccccccc
  ccccccccccccc cccccccccccccc ccccccccccccccc cccccccccccccccc cccccccccccccccccc cccccccccccccccccccc xxxxxxxxxxxx
  xxxxxxxxxxxxx xxxxxxxxxxxxxx xxxxxxxxxxxxxxx xxxxxxxxxxxxxxxx xxxxxxxxxxxxxxxxxx xxxxxxxxxxxxxxxxxxxx zzzzzzzzzzzz
  zzzzzzzzzzzzz zzzzzzzzzzzzzz zzzzzzzzzzzzzzz zzzzzzzzzzzzzzzz zzzzzzzzzzzzzzzzzz zzzzzzzzzzzzzzzzzzzz 1234567890123
  12345678901234 123456789012345 1234567890123456 12345678901234567 123456789012345678 1234567890123456789
  12345678901234567890 0123456789012 012345678901 01234567890123456789 098765432109 0987654321098 987654321098
  9876543210987 1234567891011 12345678910111 1234567891011121 12345678910111213 123123123123 123123123123123
  121212121212 12121212121212 101010101010 010101010101 111222333444 111111222222 11223344556677 1122334455667788
  123456789123456 123456789123456789 123412341234 1234123412341234 12341234123412341234 123451234512345 123456123456
  1234567812345678 12345671234567 1234512345123 131313131313 147258369147 147258369147258 147258369258 159357159357
  7894561230123 789456123789 789456123000 741852963741 741852963000 963852741963 456456456456 321321321321
  987987987987 098098098098 192837465564 1029384756102 102938475610 159159159159 135791357913 246813579246
  142536142536 147896325147 951753852456 852456852456 123698745123 123654789123 123654123654 147147147147 258258258258
  369369369369 100200300400 0102030405060708 0102030405060 000111222333 314159265358 31415926535897 3141592653589793
  271828182845 999888777666 998877665544 01020304050607 qwertyuiopasdf qwertyuiopasdfgh qwertyuiopasdfghjkl
  qwertyuiopasdfghjklzxcvbnm asdfghjklzxcvbnm zxcvbnmasdfghjkl zxcvbnmasdfghjklqwertyuiop zxcvbnmlkjhgfdsa
  mnbvcxzlkjhgfdsapoiuytrewq poiuytrewqlkjhgfdsa lkjhgfdsapoiuytrewq mnbvcxzlkjhgfdsa azertyuiopqsdfghjklm
  azertyuiop123 azerty123456 azerty123456789 qwertzuiop123 qwertz123456 qwertz123456789 qwertyuiop[] qwertyuiop[]\
  asdfghjkl1234 asdfghjkl12345 zxcvbnm12345 zxcvbnm123456 asdfasdfasdf qweqweqweqwe asdasdasdasd zxczxczxczxc
  qwerqwerqwer zxcvzxcvzxcv asdfqwerzxcv qazwsxedcrfvtgbyhnujm qazwsxedcrfvtgbyhn 1qaz2wsx3edc4rfv5tgb
  1qaz2wsx3edc4rfv5tgb6yhn 1qaz!qaz1qaz 1qaz@wsx3edc !qaz2wsx#edc !qaz@wsx#edc !qaz1qaz2wsx 1qaz2wsx!qaz@wsx
  !qaz@wsx1qaz2wsx zaq1xsw2cde3vfr4 zaq12wsx3edc zaq1zaq1zaq1 zaq!2wsxcde3 1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i
  1q2w3e4r5t6y7u8i9o 1q2w3e4r5t6y7u8i9o0p 1q2w3e4r1q2w3e4r 1q2w3e4r5t1q2w3e4r5t 1a2b3c4d5e6f 1a2b3c4d5e6f7g
  a1b2c3d4e5f6 a1b2c3d4e5f6g7 a1s2d3f4g5h6j7k8 abcdefghijkl abcdefghijklm abcdefghijklmn abcdefghijklmno
  abcdefghijklmnop abcdefghijklmnopqrstuvwxyz abcd12345678 abcdef123456 abcdefg12345 abcdefgh1234 abcdefg123456
  abcdefgh12345678 abcd1234abcd abcd1234abcd1234 abc123abc123 abcabcabcabc aaabbbcccddd 123456abcdef 123456789abcd
  12345678abcd 1234567890ab 1234567890abc 1234567890-= 12345qwert12345 qwert12345qwert qwerty12345qwerty qwertyqwerty
  qwertyqwertyqwerty qwerty123qwerty qwertyuiop1234 qwertyuiop123456 qwertyuiop1234567890 qwertyuiop!@ qwertyuiop!@#
  qwerty!@#$%^ qwerty123!@# !@#$%^&*()_+ !@#$%^&*()qwertyuiop !@#$%^123456 123456!@#$%^ 1234!@#$qwer 123!@#qweqwe
  123qweasdzxc! q1w2e3r4t5!@ p0o9i8u7y6t5 0p9o8i7u6y5t 0okm9ijn8uhb 9ijn8uhb7ygv mko0nji9bhu8 letmeinletmein
  letmeinplease letmeinnow12 pleaseletmein opensesame123 iloveyouforever iloveyousomuch iloveyoubaby iloveyou3000
  ilovemyself1 ilovemydog123 ilovemycat123 iloveyou!!!! iloveyouiloveyou ihateyou1234 iamthebest123 iamawesome123
  mypassword12 mypassword123 mypassword1234 mypassword1! thisismypassword thisispassword thisismypass itsapassword
  notapassword notmypassword passwordispassword mysecretpassword secretpassword secretpassword1 supersecret123
  supersecretpassword strongpassword strongpassword1 strongpassword123 securepassword securepassword1
  securepassword123 newpassword12 newpassword123 newpassword1! oldpassword12 temppassword1 temppassword123
  temporarypassword testpassword testpassword1 testpassword123 defaultpassword userpassword1 userpassword123
  rootpassword rootpassword1 rootpassword123 adminpassword adminpassword1 adminpassword123 password1password1
  password123password123 passwordpassword1 passphrase123 changemenow1 changemenow123 changemeplease changethispassword
  changeit12345 whatismypassword forgotpassword forgotmypassword forgetpassword idontknow1234 idontremember
  nopassword123 correcthorsebatterystaple correct-horse-battery-staple correcthorse troubadour&3 tr0ub4dor&3xx
  theforcebewithyou maytheforcebewithyou maytheforce12 tobeornottobe hakunamatata hakunamatata1 abracadabra1
  abracadabra123 hocuspocus123 supercalifragilistic supercalifragilisticexpialidocious thequickbrownfox thequickbrown1
  quickbrownfox loremipsumdolor loremipsum123 goodmorning1 goodmorning123 goodnight123 happybirthday happybirthday1
  happynewyear1 happynewyear merrychristmas christmas2020 christmas123 jesuschrist1 jesuslovesme jesusislord1
  godisgood123 godisgreat12 godisgood1234 godblessyou1 godblessme12 inshallah123 bismillah123 alhamdulillah
  allahuakbar1 allahuakbar123 subhanallah1 manchesterunited manchestercity manchester123 manutd123456 liverpoolfc1
  liverpoolfc123 fcbarcelona1 fcbarcelona123 bayernmunich bayernmunchen borussia1909 newyorkcity1 newyorkyankees
  dallascowboys1 dallascowboys pittsburghsteelers greenbaypackers losangeles12 losangeles123 sanfrancisco1
  philadelphia1 massachusetts pennsylvania northcarolina unitedstates unitedkingdom southafrica1 saudiarabia1
  switzerland1 netherlands1 deutschland1 deutschland123 schatzimausi hallohallo12 hallo1234567 hallo123456789
  geheim123456 sommer123456 bonjour12345 jetaime12345 marseille123 contraseña123 teamomucho12 tequieromucho
  teamomucho123 mivida123456 micontraseña senha1234567 minhasenha12 minhasenha123 senhasenha12 brasil123456
  flamengo1234 corinthians1 welkom012345 welkom123456 haslohaslo12 haslo1234567 kochamcie123 polska123456 parola123456
  parolamea123 heslo1234567 slaptazodis1 rahasia12345 sayangkamu12 indonesia123 bangladesh12 pakistan1234
  pakistan12345 hindustan123 indiaindia12 india1234567 krishna12345 ganesha12345 jaimatadi123 omsairam1234
  omnamahshivaya mumbai123456 chennai12345 vietnam12345 matkhau12345 woaini520520 woaini1314520 5201314520131
  520131452013 wangyiwangyi qq1234567890 a123456789012 aa123456789012 a12345678901 aa1234567890 abc1234567890
  zxcvbnm1234567 asd123456789 qwe123456789 zxc123456789 asdf12345678 qwer12345678 zxcv12345678 q1234567890q
  q123456789012 1234567890q1 qwerty.12345 пароль123456 парольпароль йцукенгшщзхъ йцукен123456 йцукен123456789
  qwertyйцукен любовь123456 привет123456 приветпривет 密码密码密码密码密码密码 password$123 password!123 password_123 password-123
  password.123 p@$$w0rd1234 p4ssw0rd1234 pa55word1234 pa55w0rd1234 welcome@2024 welcome@2025 welcome@2026 admin@123456
  admin@12345678 admin123admin root12345678 root123456789 rootrootroot toortoortoor adminadminadmin useruseruser
  user12345678 user123456789 guestguestguest guest1234567 test12345678 test123456789 testtesttest test1234test
  test1234test1234 demo12345678 demodemodemo changemechangeme trustno1234567 trustno1trustno1 superadmin12
  superadmin123 superuser123 superstar123 ironman12345 captainamerica harrypotter1 harrypotter12 harrypotter123
  hermione1234 gryffindor12 gryffindor123 lordoftherings gandalf12345 frodobaggins gameofthrones winteriscoming
  jonsnow12345 darthvader12 darthvader123 skywalker123 lukeskywalker princessleia startrek1234 callofduty12
  callofduty123 callofduty4mw grandtheftauto counterstrike1 counterstrike16 leagueoflegends worldofwarcraft
  fortnite1234 fortnite12345 roblox123456 roblox12345678 pikachu12345 dragonball12 dragonballz1 dragonballz123
  dragonball123 narutouzumaki naruto123456 naruto123456789 onepiece1234 linkinpark12 linkinpark123 greenday1234
  metallica123 metallica666 ironmaiden12 ironmaiden666 blacksabbath ledzeppelin1 rollingstones redhotchilipeppers
  michaeljordan michaeljordan23 cristianoronaldo cristiano123 cristianoronaldo7 lionelmessi1 lionelmessi10
  messi1234567 ronaldo12345 taylorswift1 taylorswift13 onedirection onedirection1 onedirection5 justinbieber1
  selenagomez1 arianagrande adamlambert1 backstreetboys babygirl1234 babygirl12345 beautifulgirl beautiful123
  beautiful1234 sweetheart12 sweetheart123 sweetiepie12 angelangel12 angel1234567 youaremysunshine strawberry12
  strawberry123 watermelon12 watermelon123 hellokitty12 hellokitty123 bestfriends1 bestfriends4ever bestfriend12
  friendsforever friends4ever friendship12 lovelovelove love12345678 love123456789 loveyou12345 loveme123456
  mylove123456 mylovemylove truelove1234 foreverlove1 foreveryours forever21212 foreverandever alwaysandforever
  neverforget1 nevergiveup1 nevergiveup123 nevermind123 blessed12345 killerkiller monkeymonkey basketball23
  volleyball12 volleyball123 soccer123456 skateboarding snowboarding cheerleader1 cheerleading motorcycle12
  harleydavidson lamborghini1 mercedesbenz volkswagen12 volkswagen123 chevrolet123 googlegoogle youtube12345
  samsunggalaxy playstation1 playstation4 playstation5 playstation123 nintendo1234 nintendo64123 blackberry12
  blackberry123 administrador configuration information1 anonymous123 anonymous1234 communication congratulations
  constitution independence relationship extraordinary encyclopedia photography1 architecture engineering1
  accountant123 accounting12 marketing123 management12 management123 environment1 programming1 programming123
  developer123 javascript12 javascript123 raspberrypi1 raspberrypi123
`;

/** The list, made at its first use: only set-up and a change of password ask for it. */
const list: { entries?: ReadonlySet<string> } = {};

/** Whether the password is one that attackers try first: an entry of the list, in capitals or not, of any width. */
export function isCommonPassword(password: string): boolean {
  list.entries ??= new Set(createEntries());
  return list.entries.has(password.normalize("NFKC").toLowerCase());
}

function createEntries(): string[] {
  const endings = toList(ENDINGS);
  const made = toList(WORDS).flatMap((word) => [word + word, ...endings.map((ending) => word + ending)]);
  return [...toList(STOLEN), ...made];
}

function toList(text: string): string[] {
  return text.trim().split(/\s+/);
}
